import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchAuction, matchRange, onceTriggered, participationShares, type PriceTerms } from '#domain/barMatching.ts';
import { dollars, moneyFromDollars, type Money } from '#domain/money.ts';
import type { OrderSide } from '#domain/order.ts';

const free = { halfSpreadBasisPoints: 0, commissionBasisPoints: 0 };
const spread = { halfSpreadBasisPoints: 10, commissionBasisPoints: 0 };
const at = moneyFromDollars;
const limit = (price: number): PriceTerms => ({ kind: 'limit', limitPrice: at(price) });
const stop = (price: number): PriceTerms => ({ kind: 'stop', stopPrice: at(price) });
const stopLimit = (stopAt: number, limitAt: number): PriceTerms => ({
  kind: 'stopLimit',
  stopPrice: at(stopAt),
  limitPrice: at(limitAt),
});
const range = (low: number, high: number, close = high) => ({ low: at(low), high: at(high), close: at(close) });

type Asked = readonly [side: OrderSide, terms: PriceTerms];

/** The price in dollars, or what happened instead. */
function auction([side, terms]: Asked, print: number, rates = free): number | string {
  const match = matchAuction({ side, terms }, at(print), rates);
  return match.kind === 'fills' ? dollars(match.price) : match.kind;
}

function within([side, terms]: Asked, bar: ReturnType<typeof range>, rates = free): number | string {
  const match = matchRange({ side, terms }, bar, rates);
  return match.kind === 'fills' ? dollars(match.price) : match.kind;
}

describe('an auction', () => {
  it('fills a market order at the print, half the spread against it', () => {
    expect(auction(['buy', { kind: 'market' }], 100, spread)).toBe(100.1);
    expect(auction(['sell', { kind: 'market' }], 100, spread)).toBe(99.9);
  });

  it('fills a limit at the print or better than its price, never worse', () => {
    expect(auction(['buy', limit(101)], 100, spread)).toBe(100.1);
    expect(auction(['buy', limit(100.05)], 100, spread)).toBe(100.05);
    expect(auction(['buy', limit(99.99)], 100)).toBe('untouched');
    expect(auction(['sell', limit(100.01)], 100)).toBe('untouched');
  });

  it('that gaps through a stop fills it at the print, not at the stop', () => {
    expect(auction(['sell', stop(95)], 80)).toBe(80);
    expect(auction(['buy', stop(105)], 120)).toBe(120);
    expect(auction(['sell', stop(95)], 95.01)).toBe('untouched');
  });

  it('that gaps through a stop and its limit leaves the limit resting', () => {
    expect(auction(['sell', stopLimit(95, 94)], 80)).toBe('triggered');
    expect(auction(['sell', stopLimit(95, 94)], 94.5)).toBe(94.5);
    expect(onceTriggered(stopLimit(95, 94))).toEqual(limit(94));
    expect(onceTriggered(stop(95))).toEqual({ kind: 'market' });
  });
});

describe('the range between the auctions', () => {
  it('fills a limit at its own price once it was reached', () => {
    expect(within(['buy', limit(95)], range(95, 100))).toBe(95);
    expect(within(['buy', limit(94.99)], range(95, 100))).toBe('untouched');
    expect(within(['sell', limit(100)], range(95, 100), spread)).toBe(100);
    // What the open's volume left of it.
    expect(within(['buy', limit(110)], range(95, 100))).toBe(100);
    expect(within(['sell', limit(90)], range(95, 100))).toBe(95);
  });

  it('fills a stop at its own price, half the spread against it', () => {
    expect(within(['sell', stop(96)], range(95, 100), spread)).toBe(95.904);
    expect(within(['buy', stop(101)], range(95, 100))).toBe('untouched');
  });

  it('fills a stop with a limit beyond it at once, capped at the limit', () => {
    expect(within(['buy', stopLimit(99, 99.05)], range(95, 100), spread)).toBe(99.05);
  });

  it('fills a stop whose limit is better only if the close proves the way back', () => {
    expect(within(['buy', stopLimit(99, 97)], range(95, 100, 96))).toBe(97);
    expect(within(['buy', stopLimit(99, 97)], range(95, 100, 98))).toBe('triggered');
  });

  it('does nothing for what waits for the close', () => {
    expect(within(['buy', { kind: 'market' }], range(95, 100))).toBe('untouched');
  });
});

describe('whatever is matched', () => {
  const price = fc.integer({ min: 1, max: 2_000_000 }).map((value) => value as Money);
  const terms: fc.Arbitrary<PriceTerms> = fc.oneof(
    fc.constant<PriceTerms>({ kind: 'market' }),
    price.map((limitPrice): PriceTerms => ({ kind: 'limit', limitPrice })),
    price.map((stopPrice): PriceTerms => ({ kind: 'stop', stopPrice })),
    fc.tuple(price, price).map(([stopPrice, limitPrice]): PriceTerms => ({ kind: 'stopLimit', stopPrice, limitPrice })),
  );
  const side = fc.constantFrom<OrderSide>('buy', 'sell');
  const bar = fc.tuple(price, price, price).map((three) => {
    const [low, close, high] = three.toSorted((a, b) => a - b) as [Money, Money, Money];
    return { low, close, high };
  });

  it('was printed, costs no less than printed, and keeps its limit', () => {
    let filled = 0;
    fc.assert(
      fc.property(side, terms, bar, (one, asked, seen) => {
        const order = { side: one, terms: asked };
        for (const match of [matchRange(order, seen, spread), matchAuction(order, seen.close, spread)]) {
          if (match.kind !== 'fills') continue;
          filled += 1;
          expect(match.printed).toBeGreaterThanOrEqual(seen.low);
          expect(match.printed).toBeLessThanOrEqual(seen.high);
          const worse = one === 'buy' ? match.price - match.printed : match.printed - match.price;
          expect(worse).toBeGreaterThanOrEqual(0);
          if (!('limitPrice' in asked)) continue;
          const beyond = one === 'buy' ? match.price - asked.limitPrice : asked.limitPrice - match.price;
          expect(beyond).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 500 },
    );
    expect(filled).toBeGreaterThan(200);
  });

  it('is a whole number of shares within the part of the volume', () => {
    expect(participationShares(1_009, 0.1)).toBe(100);
    expect(participationShares(9, 0.1)).toBe(0);
  });
});
