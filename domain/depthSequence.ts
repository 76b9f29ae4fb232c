import type { DepthSnapshot, DepthUpdate } from './marketEvents.ts';
import { createOrderBook, type BestPrices, type OrderBook } from './orderBook.ts';

/**
 * What became of an event:
 * - `applied`: the book stood at `lastUpdateId` with these best prices
 * - `buffered`: it waits for a snapshot
 * - `stale`: the book already holds it, nothing changed
 * - `gap`: updates `expectedId` to `firstUpdateId - 1` are missing; the book is no longer to be believed and a snapshot
 *   must be asked for. The event itself is kept and applied after it.
 */
export type DepthOutcome =
  | { readonly kind: 'applied'; readonly lastUpdateId: number; readonly best: BestPrices }
  | { readonly kind: 'buffered' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'gap'; readonly expectedId: number; readonly firstUpdateId: number };

/** A book kept in step with a numbered stream of snapshots and updates. */
export interface SequencedBook {
  readonly book: OrderBook;
  /** Whether the book stands at `lastUpdateId` without a gap. Orders must not be priced from one that does not. */
  readonly synchronised: boolean;
  readonly lastUpdateId: number | null;
  /** Takes an event in the order of arrival. @returns one outcome an event settled, buffered ones in their order */
  take(event: DepthSnapshot | DepthUpdate): readonly DepthOutcome[];
}

/** How many updates wait for a snapshot at most: ten minutes at ten a second. The oldest go first, as a gap would. */
const bufferedMax = 6_000;

/**
 * An empty book that waits for its first snapshot. The rules are those venues with numbered updates publish (Binance,
 * "How to manage a local order book correctly"): updates that end before the snapshot are dropped, and every one applied
 * must begin at the id after the book's, or before it and reach beyond: sizes are absolute, so that a part sent again
 * does no harm.
 */
export function createSequencedBook(): SequencedBook {
  const book = createOrderBook();
  let lastUpdateId: number | null = null;
  let synchronised = false;
  let buffered: DepthUpdate[] = [];

  const apply = (event: DepthSnapshot | DepthUpdate): DepthOutcome => {
    for (const level of event.bids) book.set('bid', level);
    for (const level of event.asks) book.set('ask', level);
    lastUpdateId = event.lastUpdateId;
    return { kind: 'applied', lastUpdateId, best: book.best() };
  };
  const wait = (update: DepthUpdate): void => {
    buffered.push(update);
    if (buffered.length > bufferedMax) buffered.shift();
  };
  const takeUpdate = (update: DepthUpdate): DepthOutcome => {
    if (!synchronised || lastUpdateId === null) {
      wait(update);
      return { kind: 'buffered' };
    }
    if (update.lastUpdateId <= lastUpdateId) return { kind: 'stale' };
    if (update.firstUpdateId > lastUpdateId + 1) {
      synchronised = false;
      wait(update);
      return { kind: 'gap', expectedId: lastUpdateId + 1, firstUpdateId: update.firstUpdateId };
    }
    return apply(update);
  };
  const takeSnapshot = (snapshot: DepthSnapshot): readonly DepthOutcome[] => {
    // An answer to an earlier question must not take the book back.
    if (synchronised && lastUpdateId !== null && snapshot.lastUpdateId <= lastUpdateId) return [{ kind: 'stale' }];
    book.clear();
    const waited = buffered;
    buffered = [];
    synchronised = true;
    return [apply(snapshot), ...waited.map(takeUpdate)];
  };
  return {
    book,
    get synchronised() {
      return synchronised;
    },
    get lastUpdateId() {
      return lastUpdateId;
    },
    take: (event) => (event.kind === 'depthSnapshot' ? takeSnapshot(event) : [takeUpdate(event)]),
  };
}
