import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  almgrenChrissImpact,
  marketImpact,
  squareRootImpact,
  type ImpactModel,
  type TradedOrder,
} from '#domain/costs/marketImpact.ts';

const basisPoints = (fraction: number): number => Math.round(fraction * 10_000);

describe('market impact', () => {
  // Almgren, Thum, Hauptmann and Li (2005), table of examples: a tenth of the day's volume, in basis points.
  const ibm = { averageDailyVolume: 6_561_000, dailyVolatility: 0.0157, sharesOutstanding: 1_728_000_000 };
  const darden = { averageDailyVolume: 1_929_000, dailyVolatility: 0.0226, sharesOutstanding: 168_000_000 };
  it.each([
    { name: 'IBM', ...ibm, durationSessions: 0.1, permanent: 20, temporary: 22, cost: 32 },
    { name: 'IBM', ...ibm, durationSessions: 0.2, permanent: 20, temporary: 15, cost: 25 },
    { name: 'IBM', ...ibm, durationSessions: 0.5, permanent: 20, temporary: 8, cost: 18 },
    { name: 'DRI', ...darden, durationSessions: 0.1, permanent: 22, temporary: 32, cost: 43 },
    { name: 'DRI', ...darden, durationSessions: 0.2, permanent: 22, temporary: 21, cost: 32 },
    { name: 'DRI', ...darden, durationSessions: 0.5, permanent: 22, temporary: 12, cost: 23 },
  ])('of $name over $durationSessions days is that of the paper of 2005', (given) => {
    const { name: _, permanent, temporary, cost, sharesOutstanding, ...market } = given;
    const model: ImpactModel = { kind: 'almgren2005', permanent: 0.314, temporary: 0.142, sharesOutstanding };
    const impact = marketImpact(model, { ...market, quantity: market.averageDailyVolume / 10, price: 80 });
    expect(basisPoints(2 * impact.permanent)).toBe(permanent);
    expect(basisPoints(impact.temporary)).toBe(temporary);
    expect(basisPoints(impact.permanent + impact.temporary)).toBe(cost);
  });

  it('by the rule of thumb has the coefficients of the example of Almgren and Chriss', () => {
    const model = almgrenChrissImpact(1 / 8, 5_000_000);
    expect(model.permanent).toBeCloseTo(2.5e-7, 15);
    expect(model.temporary).toBeCloseTo(2.5e-6, 15);
  });

  it('costs a day of volatility to trade a day of volume, by the square root', () => {
    const order = { quantity: 2e6, price: 50, averageDailyVolume: 2e6, dailyVolatility: 0.02, durationSessions: 1 };
    expect(marketImpact(squareRootImpact, order)).toEqual({ temporary: 0.02, permanent: 0 });
    expect(marketImpact(squareRootImpact, { ...order, quantity: 5e5 }).temporary).toBe(0.01);
  });

  it("is half of what Kyle's lambda moves the price by", () => {
    const order = { quantity: 1_000, price: 50, averageDailyVolume: 2e6, dailyVolatility: 0.02, durationSessions: 1 };
    expect(marketImpact({ kind: 'kyle', lambda: 1e-5 }, order)).toEqual({ temporary: 0, permanent: 0.01 / 2 / 50 });
  });

  const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
  const model: fc.Arbitrary<ImpactModel> = fc.oneof(
    fc.record({ kind: fc.constant('squareRoot' as const), coefficient: positive }),
    fc.record({ kind: fc.constant('almgrenChriss' as const), permanent: positive, temporary: positive }),
    fc.record({ kind: fc.constant('kyle' as const), lambda: positive }),
    fc.record({
      kind: fc.constant('almgren2005' as const),
      permanent: positive,
      temporary: positive,
      sharesOutstanding: positive,
    }),
  );
  const order: fc.Arbitrary<TradedOrder> = fc.record({
    quantity: positive,
    price: positive,
    averageDailyVolume: positive,
    dailyVolatility: positive,
    durationSessions: positive,
  });

  it('is never negative, and never less for more shares', () =>
    fc.assert(
      fc.property(model, order, positive, (given, small, more) => {
        const [less, greater] = [small, { ...small, quantity: small.quantity + more }].map((traded) => {
          const { temporary, permanent } = marketImpact(given, traded);
          expect(Math.min(temporary, permanent)).toBeGreaterThanOrEqual(0);
          return temporary + permanent;
        });
        expect(greater).toBeGreaterThanOrEqual(less!);
      }),
    ));

  it.each([
    { quantity: 0 },
    { price: -1 },
    { averageDailyVolume: Number.NaN },
    { durationSessions: 0 },
    { dailyVolatility: -0.1 },
  ])('is refused for %o', (change) => {
    const given = { quantity: 1, price: 1, averageDailyVolume: 1, dailyVolatility: 0, durationSessions: 1 };
    expect(() => marketImpact(squareRootImpact, { ...given, ...change })).toThrow(RangeError);
  });
});
