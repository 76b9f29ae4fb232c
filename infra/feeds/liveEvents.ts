import type { EventHistory } from '#activities/ports/marketFeed.ts';
import { ClockOffsetWindow } from '#domain/clockOffset.ts';
import type { FeedEvent } from '#domain/feedNotices.ts';
import { SilenceWatch } from '#domain/feedSilence.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';
import type { FeedHub } from './feedHub.ts';
import { observeEvent, type FeedIncident, type FeedMetrics } from './feedMetrics.ts';
import { askHistory, type Gap, type GapAnswer } from './gapFiller.ts';
import type { LiveFeedRules } from './liveFeedRules.ts';
import { OrderedEvents } from './orderedEvents.ts';
import type { Wanted } from './vendorProtocol.ts';

/** What the events of a live feed pass through. */
export interface LiveEventsOptions {
  readonly name: string;
  readonly hub: FeedHub;
  readonly rules: LiveFeedRules;
  readonly history: EventHistory | null;
  readonly metrics: FeedMetrics;
  readonly nowMs: () => number;
}

/** The way of events from a connection to the consumers: known ones dropped, put in order, gaps filled, silence noticed. */
export class LiveEvents {
  readonly #options: LiveEventsOptions;
  readonly #ordered: OrderedEvents;
  readonly #silence: SilenceWatch;
  readonly #clock: ClockOffsetWindow;
  /** From when each symbol's history is to be asked, until it answered. */
  readonly #openFromMs = new Map<string, number>();
  #wanted: Wanted = { symbols: [], kinds: [] };
  /** When the connection went live first; symbols without an event have been heard since then. */
  #liveSinceMs: number | undefined;
  #isLive = false;
  #filling: AbortController | undefined;
  /** Why the stretch up to now has to be asked of history, when it has. */
  #unreadable: string | undefined;
  #releasing: NodeJS.Timeout | undefined;
  readonly #checking: NodeJS.Timeout;

  constructor(options: LiveEventsOptions) {
    const { rules } = options;
    this.#options = options;
    this.#ordered = new OrderedEvents(rules.sequence);
    this.#silence = new SilenceWatch(rules.silence);
    this.#clock = new ClockOffsetWindow({ windowMs: rules.clockWindowMs });
    this.#checking = setInterval(() => this.#check(), rules.checkIntervalMs);
    // A watch keeps no program alive.
    this.#checking.unref();
  }

  /** Subscriptions stand, for the first time or again. */
  live(wanted: Wanted): void {
    const nowMs = this.#options.nowMs();
    const isFirst = this.#liveSinceMs === undefined;
    this.#wanted = wanted;
    this.#silence.watch(this.#named(), nowMs);
    this.#liveSinceMs ??= nowMs;
    if (this.#isLive) return;
    this.#isLive = true;
    this.#publish({ kind: 'feedState', state: 'live', reason: '', atMs: nowMs });
    if (!isFirst) this.#fill();
  }

  /** A connection ended or could not be made, or carries nothing for now. */
  lost(reason: string): void {
    const wasLive = this.#isLive;
    this.#count('connectionLost');
    this.#filling?.abort();
    this.#filling = undefined;
    this.#isLive = false;
    if (wasLive) {
      this.#publish({ kind: 'feedState', state: 'down', reason, atMs: this.#options.nowMs() });
    }
  }

  /** Events may have been in a frame that nobody can read: the stretch around it is asked of history. */
  unreadable(problem: string): void {
    this.#count('unreadable');
    this.#unreadable = problem;
    if (this.#isLive && !this.#filling) this.#fill();
  }

  /** Takes events that came in together. */
  takeAll(events: readonly MarketEvent[]): void {
    const atMs = this.#options.nowMs();
    for (const event of events) this.#take(event, atMs);
    for (const symbol of new Set(events.map((event) => event.symbol))) this.#release(symbol);
  }

  #take(event: MarketEvent, atMs: number): void {
    const { name, rules, metrics } = this.#options;
    observeEvent(metrics, name, event);
    if (event.venueMs !== null && event.kind !== 'bar') {
      this.#clock.observe({ venueMs: event.venueMs, receivedMs: event.receivedMs });
    }
    if (event.kind === 'tradingStatus') {
      this.#silence.halted(event.symbol, event.status === 'trading' ? 'trading' : 'halted');
    }
    const fresh = this.#silence.heard(event.symbol, atMs);
    if (fresh) this.#publish(fresh);
    if (!this.#ordered.take(event, atMs)) {
      this.#count('repeated');
      return;
    }
    if (this.#openFromMs.has(event.symbol) && this.#ordered.waiting(event.symbol) > rules.heldEventsMax) {
      this.#leaveOpen(event.symbol, `more than ${rules.heldEventsMax} events waited for history`);
    }
  }

  /** Hands on what waits and tells which gaps stay open. */
  close(): void {
    this.#filling?.abort();
    clearInterval(this.#checking);
    clearTimeout(this.#releasing);
    // What waits for its order has waited long enough; gaps that nobody will fill are left open.
    for (const { symbol } of this.#gaps(0)) this.#leaveOpen(symbol, 'the feed was closed');
    this.#hand(this.#ordered.releaseAll(Number.POSITIVE_INFINITY));
  }

  #fill(): void {
    const { history, rules, nowMs } = this.#options;
    const toMs = nowMs() + rules.gaps.settleMs;
    for (const symbol of this.#named()) {
      if (this.#openFromMs.has(symbol)) continue;
      const lastMs = this.#ordered.lastMs(symbol) ?? this.#liveSinceMs!;
      this.#openFromMs.set(symbol, lastMs - rules.gaps.overlapMs);
      this.#ordered.hold(symbol);
    }
    if (!history) {
      const problem = this.#unreadable ?? 'there is no source of history';
      this.#unreadable = undefined;
      for (const { symbol } of this.#gaps(toMs)) this.#leaveOpen(symbol, problem, toMs);
      return;
    }
    // What was asked for before reaches less far.
    this.#filling?.abort();
    const filling = new AbortController();
    this.#filling = filling;
    this.#unreadable = undefined;
    void this.#ask(history, { toMs, filling });
  }

  async #ask(
    history: EventHistory,
    { toMs, filling }: { readonly toMs: number; readonly filling: AbortController },
  ): Promise<void> {
    await askHistory({
      gaps: this.#gaps(toMs),
      kinds: this.#wanted.kinds,
      history,
      rules: this.#options.rules.gaps,
      signal: filling.signal,
      answered: (answer) => this.#answered(answer),
    });
    if (this.#filling !== filling) return;
    this.#filling = undefined;
    // What could not be read meanwhile was not in what was asked for.
    if (this.#unreadable !== undefined && this.#isLive) this.#fill();
  }

  #gaps(toMs: number): readonly Gap[] {
    return [...this.#openFromMs].map(([symbol, fromMs]) => ({ symbol, fromMs, toMs }));
  }

  #answered(answer: GapAnswer): void {
    const { symbol, fromMs, toMs } = answer.gap;
    if (!this.#openFromMs.has(symbol)) return;
    if ('problem' in answer) {
      this.#leaveOpen(symbol, answer.problem, toMs);
      return;
    }
    const filled = this.#ordered.fill(symbol, answer.events, this.#options.nowMs());
    this.#openFromMs.delete(symbol);
    this.#count('gapFilled');
    this.#release(symbol);
    this.#publish({ kind: 'feedGap', symbol, fromMs, toMs, filled, problem: null });
  }

  #leaveOpen(symbol: string, problem: string, toMs = this.#options.nowMs()): void {
    const fromMs = this.#openFromMs.get(symbol)!;
    this.#openFromMs.delete(symbol);
    this.#ordered.letGo(symbol);
    this.#count('gapOpen');
    this.#publish({ kind: 'feedGap', symbol, fromMs, toMs, filled: 0, problem });
    this.#release(symbol);
  }

  #release(symbol: string): void {
    this.#hand(this.#ordered.release(symbol, this.#options.nowMs()));
    this.#releaseLater();
  }

  #releaseLater(): void {
    if (!this.#ordered.waitsForTime) return;
    this.#releasing ??= setTimeout(() => {
      this.#releasing = undefined;
      this.#hand(this.#ordered.releaseAll(this.#options.nowMs()));
      this.#releaseLater();
    }, this.#options.rules.sequence.reorderWindowMs + 1);
  }

  #hand(events: readonly FeedEvent[]): void {
    for (const event of events) {
      if (event.kind === 'late') this.#count('late');
      this.#publish(event);
    }
  }

  #check(): void {
    const { name, metrics, nowMs } = this.#options;
    for (const stale of this.#silence.check(nowMs())) this.#publish(stale);
    metrics.staleSymbols.set({ feed: name }, this.#silence.staleCount);
    const { aheadMaxMs } = this.#clock.offset;
    if (aheadMaxMs !== null) metrics.clockAheadMaxSeconds.set({ feed: name }, aheadMaxMs / 1_000);
    for (const { consumer, counts } of this.#options.hub.deliveries()) {
      metrics.givenUp.set({ feed: name, consumer, how: 'conflated' }, counts.conflated);
      metrics.givenUp.set({ feed: name, consumer, how: 'lost' }, counts.lost);
    }
  }

  #publish(event: FeedEvent): void {
    this.#options.hub.publish(event, this.#options.nowMs());
  }

  #count(incident: FeedIncident): void {
    this.#options.metrics.incidents.inc({ feed: this.#options.name, incident });
  }

  /** Symbols by name: of `*` nobody knows what it holds, so that neither silence nor gaps can be told. */
  #named(): readonly string[] {
    return this.#wanted.symbols.filter((symbol) => symbol !== '*');
  }
}
