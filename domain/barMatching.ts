import { executionPrice, type CostRates } from './costs.ts';
import { shares, type Money, type Shares } from './money.ts';
import type { OrderSide } from './order.ts';

/** At what prices an order may trade. A stop becomes a market order, or a limit order, once its price is reached. */
export type PriceTerms =
  | { readonly kind: 'market' }
  | { readonly kind: 'limit'; readonly limitPrice: Money }
  | { readonly kind: 'stop'; readonly stopPrice: Money }
  | { readonly kind: 'stopLimit'; readonly stopPrice: Money; readonly limitPrice: Money };

/** What a bar says of the session between its auctions. */
export interface SessionRange {
  readonly high: Money;
  readonly low: Money;
  readonly close: Money;
}

/** What a print or a range does to an order. */
export type PriceMatch =
  | { readonly kind: 'untouched' }
  /** A stop was reached, and its limit was not. */
  | { readonly kind: 'triggered' }
  /** `printed` lies within what the venue printed; `price` holds the half-spread on top. */
  | { readonly kind: 'fills'; readonly printed: Money; readonly price: Money };

/** An order as matching reads it. */
export interface MatchedOrder {
  readonly side: OrderSide;
  readonly terms: PriceTerms;
}

/**
 * An order in an auction: it trades at the printed price with the half-spread against it; a limit caps the slippage and
 * refuses a worse print. A stop that the print reached trades there, however far beyond its price: a gap is not undone.
 */
export function matchAuction({ side, terms }: MatchedOrder, printed: Money, rates: CostRates): PriceMatch {
  const price = executionPrice(side, printed, rates);
  switch (terms.kind) {
    case 'market':
      return { kind: 'fills', printed, price };
    case 'limit':
      return limited(side, { printed, price }, terms.limitPrice) ?? untouched;
    case 'stop':
      return reaches(side, printed, terms.stopPrice) ? { kind: 'fills', printed, price } : untouched;
    case 'stopLimit':
      break;
  }
  if (!reaches(side, printed, terms.stopPrice)) return untouched;
  return limited(side, { printed, price }, terms.limitPrice) ?? triggered;
}

/**
 * An order that rests between the auctions, by all a bar tells: a limit trades at its own price once the range reached
 * it, a stop at its own with the half-spread against it. Of a stop with a limit the path within the bar is unknown
 * where the limit is better than the stop: then it trades only if the close proves that the limit was passed after it.
 */
export function matchRange({ side, terms }: MatchedOrder, range: SessionRange, rates: CostRates): PriceMatch {
  const furthest = side === 'buy' ? range.high : range.low;
  switch (terms.kind) {
    case 'market':
      return untouched;
    case 'limit':
      return isWorse(side, side === 'buy' ? range.low : range.high, terms.limitPrice)
        ? untouched
        : atPrinted(inRange(terms.limitPrice, range));
    case 'stop':
      return reaches(side, furthest, terms.stopPrice)
        ? atStop(side, inRange(terms.stopPrice, range), rates)
        : untouched;
    case 'stopLimit':
      break;
  }
  const { stopPrice, limitPrice } = terms;
  if (!reaches(side, furthest, stopPrice)) return untouched;
  if (!isWorse(side, stopPrice, limitPrice)) {
    return limited(side, atStop(side, inRange(stopPrice, range), rates), limitPrice) ?? triggered;
  }
  return isWorse(side, range.close, limitPrice) ? triggered : atPrinted(limitPrice);
}

/** What an order is once its stop was reached. */
export function onceTriggered(terms: PriceTerms): PriceTerms {
  if (terms.kind === 'stop') return { kind: 'market' };
  return terms.kind === 'stopLimit' ? { kind: 'limit', limitPrice: terms.limitPrice } : terms;
}

/** Most shares that one account may trade of a volume, rounded down. */
export function participationShares(volume: number, fraction: number): Shares {
  return shares(Math.floor(volume * fraction));
}

const untouched: PriceMatch = { kind: 'untouched' };
const triggered: PriceMatch = { kind: 'triggered' };

interface FillPrice {
  readonly printed: Money;
  readonly price: Money;
}

function atPrinted(price: Money): PriceMatch {
  return { kind: 'fills', printed: price, price };
}

/** A limit beyond everything that was printed trades at the worst print: what the open left of it met the market. */
function inRange(price: Money, { low, high }: SessionRange): Money {
  if (price > high) return high;
  return price < low ? low : price;
}

function atStop(side: OrderSide, stopPrice: Money, rates: CostRates): FillPrice & { readonly kind: 'fills' } {
  return { kind: 'fills', printed: stopPrice, price: executionPrice(side, stopPrice, rates) };
}

function limited(side: OrderSide, { printed, price }: FillPrice, limit: Money): PriceMatch | undefined {
  if (isWorse(side, printed, limit)) return undefined;
  return { kind: 'fills', printed, price: isWorse(side, price, limit) ? limit : price };
}

/** Whether a price has come to a stop: at it or beyond it. */
function reaches(side: OrderSide, price: Money, stop: Money): boolean {
  return side === 'buy' ? price >= stop : price <= stop;
}

function isWorse(side: OrderSide, price: Money, limit: Money): boolean {
  return side === 'buy' ? price > limit : price < limit;
}
