import { createSequencedBook, type SequencedBook } from '#domain/depthSequence.ts';
import type { MarketEvent, Quote } from '#domain/marketEvents.ts';
import type { BestPrices } from '#domain/orderBook.ts';

/** The best prices of a book at the moment it held an update. A side without levels is null. */
export interface BookState extends BestPrices {
  readonly symbol: string;
  readonly updateId: number;
}

/** What a rebuild met. */
export interface RebuildCounts {
  readonly events: number;
  readonly snapshots: number;
  readonly updatesApplied: number;
  /** Updates that a snapshot already held. */
  readonly updatesStale: number;
  /** Times an update was missing and the book waited for another snapshot. */
  readonly gaps: number;
  /** Quotes of the venue whose update id the rebuilt book also had, and how many of them said the same. */
  readonly quotesCompared: number;
  readonly quotesAgreeing: number;
}

/** Quotes and states that wait for their counterpart: those further apart than this many are never compared. */
const comparedSpan = 10_000;

/**
 * Rebuilds books from recorded depth, in one pass over events in the order of their arrival.
 * @yields the best prices after every update applied
 * @returns what was met, with the rebuilt prices held against the venue's own quotes
 */
export async function* rebuildBooks(events: AsyncIterable<MarketEvent>): AsyncGenerator<BookState, RebuildCounts> {
  const books = new Map<string, { readonly sequence: SequencedBook; readonly comparison: Comparison }>();
  const counts = { events: 0, snapshots: 0, updatesApplied: 0, updatesStale: 0, gaps: 0 };
  for await (const event of events) {
    counts.events += 1;
    const known = books.get(event.symbol) ?? { sequence: createSequencedBook(), comparison: createComparison() };
    books.set(event.symbol, known);
    if (event.kind === 'quote') known.comparison.quote(event);
    if (event.kind !== 'depthSnapshot' && event.kind !== 'depthUpdate') continue;
    for (const [index, outcome] of known.sequence.take(event).entries()) {
      if (outcome.kind === 'gap') counts.gaps += 1;
      if (outcome.kind === 'stale') counts.updatesStale += 1;
      if (outcome.kind !== 'applied') continue;
      if (event.kind === 'depthSnapshot' && index === 0) counts.snapshots += 1;
      else counts.updatesApplied += 1;
      const state = { symbol: event.symbol, updateId: outcome.lastUpdateId, ...outcome.best };
      known.comparison.state(state);
      yield state;
    }
  }
  const compared = [...books.values()].map(({ comparison }) => comparison.counts());
  return {
    ...counts,
    quotesCompared: compared.reduce((sum, { common }) => sum + common, 0),
    quotesAgreeing: compared.reduce((sum, { agreeing }) => sum + agreeing, 0),
  };
}

interface Comparison {
  quote(quote: Quote): void;
  state(state: BookState): void;
  counts(): { readonly common: number; readonly agreeing: number };
}

/** Pairs quotes and states by update id, whichever comes first, within a bounded span. */
function createComparison(): Comparison {
  const quotes = new Map<number, Quote>();
  const states = new Map<number, BookState>();
  let [common, agreeing] = [0, 0];
  const compare = (quote: Quote, { bid, ask }: BookState): void => {
    common += 1;
    const same =
      quote.bid === (bid?.[0] ?? 0) &&
      quote.bidSize === (bid?.[1] ?? 0) &&
      quote.ask === (ask?.[0] ?? 0) &&
      quote.askSize === (ask?.[1] ?? 0);
    if (same) agreeing += 1;
  };
  return {
    quote: (quote) => {
      if (quote.updateId === null) return;
      const state = states.get(quote.updateId);
      if (state) compare(quote, state);
      else remember(quotes, quote.updateId, quote);
    },
    state: (state) => {
      const quote = quotes.get(state.updateId);
      if (quote) compare(quote, state);
      else remember(states, state.updateId, state);
    },
    counts: () => ({ common, agreeing }),
  };
}

function remember<Value>(map: Map<number, Value>, key: number, value: Value): void {
  map.set(key, value);
  // A map gives its keys in the order they came.
  if (map.size > comparedSpan) map.delete(map.keys().next().value!);
}
