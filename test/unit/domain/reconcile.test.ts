import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBooks, compareOpenOrders, comparePositions } from '#domain/reconcile.ts';

const side = fc.record({
  positions: fc.dictionary(fc.constantFrom('AAPL', 'IBM', 'MSFT'), fc.integer({ min: -3, max: 3 })),
  openOrders: fc.uniqueArray(fc.constantFrom('a-1', 'a-2', 'a-3')),
});

describe('comparing books', () => {
  it('names every position that differs, by symbol', () =>
    expect(comparePositions({ MSFT: 1, IBM: 5 }, { IBM: 4, AAPL: 2 })).toEqual([
      'AAPL: 0 shares here, 2 at the broker',
      'IBM: 5 shares here, 4 at the broker',
      'MSFT: 1 shares here, 0 at the broker',
    ]));

  it('names every order that one side alone believes open', () =>
    expect(compareOpenOrders(['a-1', 'a-2'], ['a-2', 'a-3'])).toEqual([
      'order a-1: open here, not at the broker',
      'order a-3: open at the broker, not here',
    ]));

  it('takes a symbol left out for a position of zero', () =>
    expect(compareBooks({ positions: { IBM: 0 }, openOrders: [] }, { positions: {}, openOrders: [] })).toEqual({
      agreed: true,
      differences: [],
    }));

  it('agrees with itself, and finds as many differences from either side', () =>
    fc.assert(
      fc.property(side, side, (one, other) => {
        expect(compareBooks(one, one)).toEqual({ agreed: true, differences: [] });
        const [there, back] = [compareBooks(one, other), compareBooks(other, one)];
        expect(there.differences).toHaveLength(back.differences.length);
        expect(there.agreed).toBe(there.differences.length === 0);
      }),
    ));

  it('disagrees as soon as one position or one order differs', () =>
    fc.assert(
      fc.property(side, (one) => {
        const more = { ...one.positions, IBM: (one.positions.IBM ?? 0) + 1 };
        expect(compareBooks(one, { ...one, positions: more }).agreed).toBe(false);
        expect(compareBooks(one, { ...one, openOrders: [...one.openOrders, 'a-4'] }).agreed).toBe(false);
      }),
    ));
});
