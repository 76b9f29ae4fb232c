import type { PriceLevel } from './marketEvents.ts';

/** The best level of each side; null where a side is empty. */
export interface BestPrices {
  readonly bid: PriceLevel | null;
  readonly ask: PriceLevel | null;
}

/** One instrument's book by price: levels of both sides, changed level by level. */
export interface OrderBook {
  /** Sets the size that stands at a price; 0 removes the level. */
  set(side: 'bid' | 'ask', level: PriceLevel): void;
  best(): BestPrices;
  /** The best levels of a side, best first. */
  levels(side: 'bid' | 'ask', count: number): readonly PriceLevel[];
  clear(): void;
}

/** An empty book. */
export function createOrderBook(): OrderBook {
  const sides = { bid: createSide(1), ask: createSide(-1) };
  return {
    set: (side, [price, size]) => sides[side].set(price, size),
    best: () => ({ bid: sides.bid.best(), ask: sides.ask.best() }),
    levels: (side, count) => sides[side].levels(count),
    clear: () => {
      sides.bid.clear();
      sides.ask.clear();
    },
  };
}

/**
 * Levels of one side in sorted arrays with the best last: most changes are near the best, so that little moves.
 * @param sign 1 where a higher price is better, -1 where a lower one is
 */
function createSide(sign: 1 | -1): {
  set(price: number, size: number): void;
  best(): PriceLevel | null;
  levels(count: number): readonly PriceLevel[];
  clear(): void;
} {
  const prices: number[] = [];
  const sizes: number[] = [];
  const level = (row: number): PriceLevel => [prices[row]!, sizes[row]!];
  /** The first row whose price is as good or better. */
  const rowOf = (price: number): number => {
    let [first, end] = [0, prices.length];
    while (first < end) {
      const middle = (first + end) >>> 1;
      if (sign * prices[middle]! < sign * price) first = middle + 1;
      else end = middle;
    }
    return first;
  };
  return {
    set: (price, size) => {
      const row = rowOf(price);
      const known = prices[row] === price;
      if (size === 0) {
        if (!known) return;
        prices.splice(row, 1);
        sizes.splice(row, 1);
      } else if (known) {
        sizes[row] = size;
      } else {
        prices.splice(row, 0, price);
        sizes.splice(row, 0, size);
      }
    },
    best: () => (prices.length === 0 ? null : level(prices.length - 1)),
    levels: (count) =>
      Array.from({ length: Math.min(count, prices.length) }, (_, row) => level(prices.length - 1 - row)),
    clear: () => {
      prices.length = 0;
      sizes.length = 0;
    },
  };
}
