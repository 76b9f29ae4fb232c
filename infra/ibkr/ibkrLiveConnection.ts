import type { MarketEvent } from '#domain/marketEvents.ts';
import type { ConnectionEnd, Opening, VendorConnection } from '../feeds/vendorConnection.ts';
import type { Wanted } from '../feeds/vendorProtocol.ts';
import { stockQuestion, type IbkrStock } from './ibkrContracts.ts';
import { depthAnswers } from './ibkrDepth.ts';
import type { StreamMemory } from './ibkrStream.ts';
import { IbkrSubscriptions, type Subscription } from './ibkrSubscriptions.ts';
import { liveQuote, liveTrade } from './ibkrTicks.ts';
import type { TwsEvent } from './twsCodec.ts';
import { connectTws, type TwsAddress, type TwsConnection, type TwsEnd } from './twsConnection.ts';
import { TwsLine } from './twsLine.ts';
import { isWarning, meaningOf, type RefusalMeaning } from './twsRefusals.ts';
import { TwsRefusal, TwsRequests, TwsSilence, TwsUnreadable } from './twsRequests.ts';

const againAfterEnd: Readonly<Record<TwsEnd['kind'], ConnectionEnd['again']>> = {
  lost: 'soon',
  // TWS may hold the id of a connection that was cut for a while.
  clientIdTaken: 'slowly',
  versionUnsupported: 'never',
};
const againAfterRefusal: Readonly<Record<RefusalMeaning, ConnectionEnd['again']>> = {
  empty: 'never',
  notEntitled: 'never',
  refused: 'never',
  pacing: 'slowly',
  passing: 'slowly',
};
// Of a book (TWS API, "Message codes"): halted, it has to be asked for again; reset, it begins anew by itself.
const [depthHalted, depthReset] = [316, 317];

/** One connection of a live feed: it looks symbols up, subscribes, and follows what TWS says of its own line. */
export class IbkrLiveConnection implements VendorConnection {
  readonly ended: Promise<ConnectionEnd>;
  readonly #memory: StreamMemory;
  readonly #opening: Opening;
  readonly #connection: TwsConnection;
  readonly #requests: TwsRequests;
  readonly #subscriptions: IbkrSubscriptions;
  readonly #line = new TwsLine('marketFarms');
  readonly #over = new AbortController();
  #wanted: Wanted;
  #refusal: ConnectionEnd | undefined;
  #liveTimer: NodeJS.Timeout | undefined;
  /** Rounds of subscribing, one after the other. */
  #round: Promise<void> = Promise.resolve();

  constructor(address: TwsAddress, memory: StreamMemory, opening: Opening) {
    const { liveTimeoutMs, ...limits } = opening.limits;
    const { messagesPerSecond } = memory.rules;
    this.#memory = memory;
    this.#opening = opening;
    this.#wanted = opening.wanted;
    let resolve: (end: ConnectionEnd) => void;
    this.ended = new Promise((done) => {
      resolve = done;
    });
    this.#connection = connectTws(
      address,
      { ...limits, readyTimeoutMs: liveTimeoutMs, messagesPerSecond },
      {
        ready: () => this.#subscribe(),
        heard: (events) => this.#hearAll(events),
        ended: ({ kind, reason }) => {
          clearTimeout(this.#liveTimer);
          this.#over.abort();
          this.#requests.failAll(new TwsSilence(reason));
          resolve(this.#refusal ?? { reason, again: againAfterEnd[kind] });
        },
      },
    );
    this.#requests = new TwsRequests(this.#connection);
    this.#subscriptions = new IbkrSubscriptions(this.#connection, memory);
  }

  change(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#subscribe();
  }

  end(reason: string): void {
    this.#connection.end(reason);
  }

  /** Brings subscriptions to what is wanted, then tells that they stand. */
  #subscribe(): void {
    this.#round = this.#round.then(() => this.#bringAbout()).catch((error: unknown) => this.#give(error as Error));
  }

  async #bringAbout(): Promise<void> {
    const { signal } = this.#over;
    const wanted = this.#wanted;
    // Nothing is answered on a line that is down; what it says when it is up again begins another round.
    if (signal.aborted || this.#line.isDown) return;
    this.#subscriptions.cancelAllBut(wanted);
    for (const { symbol, kind } of this.#subscriptions.missing(wanted)) {
      this.#expectLive(this.#subscriptions.waitMs(symbol, kind));
      const stock = await this.#stockOf(symbol);
      const begun = await this.#subscriptions.open(stock, { kind, signal, nowMs: this.#opening.nowMs });
      if (begun) this.#opening.listener.events([begun]);
    }
    this.#expectLive(0);
    this.#connection.fence(() => {
      if (this.#refusal || this.#line.isDown || wanted !== this.#wanted) return;
      clearTimeout(this.#liveTimer);
      this.#opening.listener.live();
    });
  }

  #expectLive(waitMs: number): void {
    clearTimeout(this.#liveTimer);
    const reason = 'subscriptions were not confirmed in time';
    this.#liveTimer = setTimeout(() => this.end(reason), this.#opening.limits.liveTimeoutMs + waitMs);
  }

  async #stockOf(symbol: string): Promise<IbkrStock> {
    const known = this.#memory.stocks.get(symbol);
    if (known) return known;
    const { liveTimeoutMs } = this.#opening.limits;
    const stock = await this.#requests.ask({ ...stockQuestion(symbol), timeoutMs: liveTimeoutMs });
    this.#memory.stocks.set(symbol, stock);
    return stock;
  }

  #give(error: Error): void {
    if (this.#over.signal.aborted) return;
    if (error instanceof TwsRefusal) this.#refuse(error);
    else this.end(error.message);
  }

  #refuse(refused: { readonly code: number; readonly text: string }): void {
    const reason = `${refused.code} ${refused.text}`;
    this.#refusal = { reason, again: againAfterRefusal[meaningOf(refused)] };
    this.end(reason);
  }

  #hearAll(events: readonly TwsEvent[]): void {
    const receivedMs = this.#opening.nowMs();
    let told: MarketEvent[] = [];
    const flush = (): void => {
      if (told.length > 0) this.#opening.listener.events(told);
      told = [];
    };
    for (const event of events) {
      if (this.#refusal) return;
      const market = this.#marketEvent(event, receivedMs);
      if (market === 'none') {
        flush();
        this.#hear(event);
      } else told.push(...market);
    }
    flush();
  }

  /** What a message tells of the market; `none` for one that tells something else. */
  #marketEvent(event: TwsEvent, receivedMs: number): readonly MarketEvent[] | 'none' {
    if (event.kind !== 'answer') return 'none';
    const subscription = this.#subscriptions.of(event.args[0]);
    if (!subscription) return 'none';
    try {
      return this.#read(subscription, event, receivedMs);
    } catch (error) {
      if (error instanceof TwsUnreadable) this.#hear({ kind: 'unreadable', problem: error.message });
      // The book is out of step: it begins anew.
      else this.#renewBooks();
      return [];
    }
  }

  #read(
    { stock, kind, book }: Subscription,
    { name, args }: { readonly name: string; readonly args: readonly unknown[] },
    receivedMs: number,
  ): readonly MarketEvent[] {
    if (kind === 'trades' && name === 'tickByTickAllLast') return [liveTrade(args, { stock, receivedMs })];
    if (kind === 'quotes' && name === 'tickByTickBidAsk') return [liveQuote(args, { stock, receivedMs })];
    if (book && depthAnswers.has(name)) {
      const update = book.take({ name, args }, receivedMs);
      return update ? [update] : [];
    }
    throw new TwsUnreadable(`${name} for ${kind} of ${stock.symbol}`);
  }

  #hear(event: TwsEvent): void {
    if (event.kind === 'notice') this.#hearNotice(event);
    else if (event.kind === 'unreadable') {
      // It may have been a row of a book.
      this.#renewBooks();
      this.#opening.listener.unreadable(event.problem);
    } else if (event.kind === 'answer') this.#requests.hear(event);
    else this.#hearRefusal(event);
  }

  #hearRefusal(event: Extract<TwsEvent, { kind: 'refused' }>): void {
    if (isWarning(event.code) || this.#requests.hear(event)) return;
    const subscription = this.#subscriptions.of(event.requestId);
    // What was cancelled may still be refused.
    if (!subscription) return;
    if (event.code === depthReset)
      this.#opening.listener.events(this.#subscriptions.restartBook(event.requestId, this.#opening.nowMs()));
    else if (event.code === depthHalted) this.#renewBooks();
    else this.#refuse(event);
  }

  #hearNotice(notice: { readonly code: number; readonly text: string }): void {
    const change = this.#line.take(notice);
    if (!change) return;
    if (change.now === 'down') {
      clearTimeout(this.#liveTimer);
      this.#opening.listener.down(change.reason);
      return;
    }
    if (change.now === 'restoredEmpty') {
      this.#opening.listener.down(change.reason);
      this.#subscriptions.forgetAll();
    } else this.#subscriptions.cancelBooks();
    this.#subscribe();
  }

  /** Books begin anew, empty, and stay so until their rows come again. */
  #renewBooks(): void {
    const nowMs = this.#opening.nowMs();
    const emptied = this.#subscriptions.cancelBooks().map((book) => book.begin(nowMs));
    if (emptied.length === 0) return;
    this.#opening.listener.events(emptied);
    this.#subscribe();
  }
}
