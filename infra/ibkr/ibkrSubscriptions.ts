import { TickByTickDataType } from '@stoqey/ib/dist/api/market/tickByTickDataType.js';
import type { FeedKind } from '#activities/ports/marketFeed.ts';
import type { DepthSnapshot } from '#domain/marketEvents.ts';
import type { Wanted } from '../feeds/vendorProtocol.ts';
import { contractOf, type IbkrStock } from './ibkrContracts.ts';
import { IbkrBook } from './ibkrDepth.ts';
import type { StreamMemory } from './ibkrStream.ts';
import type { TwsConnection } from './twsConnection.ts';

/** A subscription that stands. */
export interface Subscription {
  readonly stock: IbkrStock;
  readonly kind: FeedKind;
  /** Of depth. */
  readonly book: IbkrBook | null;
}

/** One kind of one symbol. */
interface Part {
  readonly symbol: string;
  readonly kind: FeedKind;
}

const tickTypes: Readonly<Partial<Record<FeedKind, TickByTickDataType>>> = {
  trades: TickByTickDataType.AllLast,
  quotes: TickByTickDataType.BidAsk,
};

/** Subscriptions of one connection by the numbers of their requests. */
export class IbkrSubscriptions {
  readonly #connection: TwsConnection;
  readonly #memory: StreamMemory;
  readonly #standing = new Map<number, Subscription>();

  constructor(connection: TwsConnection, memory: StreamMemory) {
    this.#connection = connection;
    this.#memory = memory;
  }

  of(requestId: unknown): Subscription | undefined {
    return typeof requestId === 'number' ? this.#standing.get(requestId) : undefined;
  }

  /** What is wanted and does not stand. */
  missing({ symbols, kinds }: Wanted): readonly Part[] {
    const all = symbols.flatMap((symbol) => kinds.map((kind) => ({ symbol, kind })));
    return all.filter(
      (part) =>
        ![...this.#standing.values()].some(({ stock, kind }) => stock.symbol === part.symbol && kind === part.kind),
    );
  }

  /** How long a subscription would have to wait for its turn. */
  waitMs(symbol: string, kind: FeedKind): number {
    return this.#memory.pace.waitMs(`${symbol} ${kind}`, this.#intervalMs(kind));
  }

  /** Subscribes in its turn. @returns the book's beginning, of depth; throws the signal's reason */
  async open(
    stock: IbkrStock,
    { kind, signal, nowMs }: { readonly kind: FeedKind; readonly signal: AbortSignal; readonly nowMs: () => number },
  ): Promise<DepthSnapshot | undefined> {
    const { pace, numbers, rules } = this.#memory;
    await pace.turn(`${stock.symbol} ${kind}`, { intervalMs: this.#intervalMs(kind), signal });
    const requestId = this.#connection.nextRequestId();
    const contract = contractOf(stock);
    const tickType = tickTypes[kind];
    if (tickType !== undefined) {
      this.#standing.set(requestId, { stock, kind, book: null });
      this.#connection.send((encoder) => encoder.reqTickByTickData(requestId, contract, tickType, 0, false));
      return undefined;
    }
    const book = new IbkrBook(stock.symbol, { rows: rules.depthRows, numbers });
    this.#standing.set(requestId, { stock, kind, book });
    this.#connection.send((encoder) => encoder.reqMktDepth(requestId, contract, rules.depthRows, true));
    return book.begin(nowMs());
  }

  /** A book that the vendor empties by itself. @returns its beginning */
  restartBook(requestId: number, nowMs: number): readonly DepthSnapshot[] {
    const known = this.#standing.get(requestId);
    if (!known?.book) return [];
    const { depthRows: rows } = this.#memory.rules;
    const book = new IbkrBook(known.stock.symbol, { rows, numbers: this.#memory.numbers });
    this.#standing.set(requestId, { ...known, book });
    return [book.begin(nowMs)];
  }

  /** @returns the books of the subscriptions that were cancelled */
  cancelBooks(): readonly IbkrBook[] {
    return this.#cancel(({ book }) => book !== null).flatMap(({ book }) => book ?? []);
  }

  cancelAllBut({ symbols, kinds }: Wanted): void {
    this.#cancel(({ stock, kind }) => !symbols.includes(stock.symbol) || !kinds.includes(kind));
  }

  /** TWS knows of none any more. */
  forgetAll(): void {
    this.#standing.clear();
  }

  #intervalMs(kind: FeedKind): number {
    const { sameInstrumentMs, sameBookMs } = this.#memory.rules;
    return kind === 'depth' ? sameBookMs : sameInstrumentMs;
  }

  #cancel(matches: (one: Subscription) => boolean): readonly Subscription[] {
    const cancelled = [...this.#standing].filter(([, one]) => matches(one));
    for (const [requestId, { kind }] of cancelled) {
      this.#standing.delete(requestId);
      this.#connection.send((encoder) =>
        kind === 'depth' ? encoder.cancelMktDepth(requestId, true) : encoder.cancelTickByTickData(requestId),
      );
    }
    return cancelled.map(([, one]) => one);
  }
}
