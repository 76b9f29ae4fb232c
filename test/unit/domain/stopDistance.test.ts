import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, moneyFromDollars } from '#domain/money.ts';
import { positionSize } from '#domain/positionSize.ts';
import { stopDistance, stopPrices, type StopTerms } from '#domain/stopDistance.ts';

const terms: StopTerms = { stopRanges: 2, rewardMultiple: 1.5, stopFractionMin: 0.01, stopFractionMax: 0.2 };

describe('stop and take-profit by volatility', () => {
  it('lie so many average true ranges away, and a multiple of that', () => {
    const { stopLossFraction, takeProfitFraction, boundBy } = stopDistance(0.02, terms);
    expect([stopLossFraction, boundBy]).toEqual([0.04, undefined]);
    expect(takeProfitFraction).toBeCloseTo(0.06, 12);
  });

  it('stay within their bounds, which they tell', () => {
    expect(stopDistance(0.001, terms)).toMatchObject({ stopLossFraction: 0.01, boundBy: 'stopFractionMin' });
    expect(stopDistance(0.5, terms)).toMatchObject({ stopLossFraction: 0.2, boundBy: 'stopFractionMax' });
  });

  it('are prices on both sides of the entry, whichever the side', () => {
    const distance = stopDistance(0.02, terms);
    const entry = moneyFromDollars(100);
    expect(stopPrices('buy', entry, distance)).toEqual({ stop: 960_000, takeProfit: 1_060_000 });
    expect(stopPrices('sell', entry, distance)).toEqual({ stop: 1_040_000, takeProfit: 940_000 });
    expect(stopPrices('sell', money(1), { stopLossFraction: 0.5, takeProfitFraction: 2 }).takeProfit).toBe(1);
  });

  it('never lose more a share than was sized for', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000_000 }),
        fc.double({ min: 1e-6, max: 2, noNaN: true }),
        fc.constantFrom('buy' as const, 'sell' as const),
        (price, range, side) => {
          const distance = stopDistance(range, terms);
          const { stop, takeProfit } = stopPrices(side, money(price), distance);
          expect(Math.abs(stop - price)).toBeLessThanOrEqual(price * distance.stopLossFraction);
          expect(side === 'buy' ? stop <= price && takeProfit >= price : stop >= price && takeProfit <= price).toBe(
            true,
          );
        },
      ),
    ));

  it.each([
    [0, {}],
    [Number.NaN, {}],
    [0.02, { stopRanges: 0 }],
    [0.02, { rewardMultiple: -1 }],
    [0.02, { stopFractionMin: 0.3 }],
    [0.02, { stopFractionMax: 1 }],
  ])('are refused for a range of %d and %o', (range, wrong) =>
    expect(() => stopDistance(range, { ...terms, ...wrong })).toThrow(RangeError),
  );
});

describe('a size by its stop', () => {
  const estimate = { mean: 0.001, standardDeviation: 0.02, symbols: 10 };
  const fixedFractional = { fractionMax: 0.02, stopLossFraction: 0.1 };

  it('is smaller the wilder the symbol, where its average true range is known', () => {
    const byRange = { fixedFractional: { ...fixedFractional, byTrueRange: terms } };
    expect(positionSize({ ...estimate, trueRangeFraction: 0.02 }, byRange).fraction).toBeCloseTo(0.5, 12);
    expect(positionSize({ ...estimate, trueRangeFraction: 0.08 }, byRange).fraction).toBeCloseTo(0.125, 12);
    expect(positionSize(estimate, byRange).fraction).toBeCloseTo(0.2, 12);
    expect(positionSize({ ...estimate, trueRangeFraction: 0.02 }, { fixedFractional }).fraction).toBeCloseTo(0.2, 12);
  });
});
