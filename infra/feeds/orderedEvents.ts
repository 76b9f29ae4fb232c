import { EventSequence, type SequenceCounts, type SequenceRules } from '#domain/eventSequence.ts';
import type { LateEvent } from '#domain/feedNotices.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';

/**
 * Bars end before the trades that come in beside them, and depth has numbers of its own: each is a stream for itself, and
 * only within a stream there is an order.
 */
type StreamName = 'ticks' | 'bars' | 'depth';

const streamOf: Readonly<Partial<Record<MarketEvent['kind'], StreamName>>> = {
  bar: 'bars',
  depthSnapshot: 'depth',
  depthUpdate: 'depth',
};
const streamNames: readonly StreamName[] = ['ticks', 'bars', 'depth'];

/** The streams of every symbol, each in its order. */
export class OrderedEvents {
  readonly #rules: SequenceRules;
  readonly #symbols = new Map<string, Readonly<Record<StreamName, EventSequence>>>();

  constructor(rules: SequenceRules) {
    this.#rules = rules;
  }

  /** @returns whether the event is new */
  take(event: MarketEvent, nowMs: number): boolean {
    return this.#of(event.symbol)[streamOf[event.kind] ?? 'ticks'].take(event, nowMs);
  }

  release(symbol: string, nowMs: number): readonly (MarketEvent | LateEvent)[] {
    const streams = this.#of(symbol);
    return streamNames.flatMap((name) => streams[name].release(nowMs));
  }

  /** What every symbol has ready. */
  releaseAll(nowMs: number): readonly (MarketEvent | LateEvent)[] {
    return [...this.#symbols.keys()].flatMap((symbol) => this.release(symbol, nowMs));
  }

  hold(symbol: string): void {
    for (const stream of this.#historical(symbol)) stream.hold();
  }

  letGo(symbol: string): void {
    for (const stream of this.#historical(symbol)) stream.letGo();
  }

  /** @returns how many events were new */
  fill(symbol: string, events: readonly MarketEvent[], nowMs: number): number {
    const streams = this.#of(symbol);
    const own = events.filter((event) => event.symbol === symbol);
    return (['ticks', 'bars'] as const).reduce(
      (sum, name) =>
        sum +
        streams[name].addHistory(
          own.filter(({ kind }) => (streamOf[kind] ?? 'ticks') === name),
          nowMs,
        ),
      0,
    );
  }

  /** Whether events wait for nothing but their time. */
  get waitsForTime(): boolean {
    return [...this.#symbols.values()].some((streams) => streamNames.some((name) => streams[name].waitsForTime));
  }

  waiting(symbol: string): number {
    return this.#historical(symbol).reduce((sum, stream) => sum + stream.waiting, 0);
  }

  /** Time of a symbol's last event, or that of its stream that ended first; null before the first event. */
  lastMs(symbol: string): number | null {
    const lasts = this.#historical(symbol).flatMap(({ lastMs }) => (lastMs === null ? [] : [lastMs]));
    return lasts.length === 0 ? null : Math.min(...lasts);
  }

  get counts(): SequenceCounts {
    let [repeated, late] = [0, 0];
    for (const streams of this.#symbols.values()) {
      for (const name of streamNames) {
        repeated += streams[name].counts.repeated;
        late += streams[name].counts.late;
      }
    }
    return { repeated, late };
  }

  /** Depth is never asked of history: its book is built anew from a snapshot. */
  #historical(symbol: string): readonly EventSequence[] {
    const { ticks, bars } = this.#of(symbol);
    return [ticks, bars];
  }

  #of(symbol: string): Readonly<Record<StreamName, EventSequence>> {
    const known = this.#symbols.get(symbol);
    if (known) return known;
    const made = {
      ticks: new EventSequence(this.#rules),
      bars: new EventSequence(this.#rules),
      depth: new EventSequence({ ...this.#rules, reorderWindowMs: 0 }),
    };
    this.#symbols.set(symbol, made);
    return made;
  }
}
