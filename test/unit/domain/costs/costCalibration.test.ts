import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrateCosts, type SlippageObservation } from '#domain/costs/costCalibration.ts';
import { transactionCosts, type ExecutedOrder } from '#domain/costs/transactionCosts.ts';
import { seededRandom } from '#domain/random.ts';

describe('what an order cost', () => {
  const order: ExecutedOrder = {
    side: 'buy',
    quantity: 100,
    averagePrice: 50.3,
    commission: 1,
    decisionPrice: 50,
    arrivalPrice: 50.2,
  };

  it('is delay, trading and commission, by hand', () => {
    const costs = transactionCosts(order);
    expect(costs.delay).toBeCloseTo(20, 10);
    expect(costs.trading).toBeCloseTo(10, 10);
    expect(costs.implementationShortfall).toBeCloseTo(31, 10);
    expect(costs.shortfallFraction).toBeCloseTo(31 / 5_000, 12);
    expect(costs.slippageFraction).toBeCloseTo(10 / 5_020, 12);
  });

  it('is for a sale what it is not for a purchase, but for the commission', () =>
    fc.assert(
      fc.property(
        fc.tuple(...([1, 2, 3] as const).map(() => fc.double({ min: 1, max: 1_000, noNaN: true }))),
        fc.integer({ min: 1, max: 1_000_000 }),
        ([averagePrice, decisionPrice, arrivalPrice], quantity) => {
          const given = { ...order, averagePrice: averagePrice!, decisionPrice: decisionPrice!, quantity };
          const [bought, sold] = (['buy', 'sell'] as const).map((side) =>
            transactionCosts({ ...given, side, arrivalPrice: arrivalPrice! }),
          );
          expect(bought!.delay).toBeCloseTo(-sold!.delay, 6);
          expect(bought!.trading).toBeCloseTo(-sold!.trading, 6);
          expect(bought!.implementationShortfall).toBeCloseTo(quantity * (averagePrice! - decisionPrice!) + 1, 4);
        },
      ),
    ));

  it.each([{ quantity: 0 }, { averagePrice: Number.NaN }, { decisionPrice: -1 }, { commission: Infinity }])(
    'is refused for %o',
    (change) => expect(() => transactionCosts({ ...order, ...change })).toThrow(RangeError),
  );
});

describe('a calibration by our own orders', () => {
  const random = seededRandom(5, 0);
  const orders = Array.from({ length: 200 }, (): SlippageObservation => {
    const quantity = 100 + Math.floor(random() * 50_000);
    const market = { averageDailyVolume: 1e6, dailyVolatility: 0.02 };
    const cost = 0.0002 + 0.8 * 0.02 * Math.sqrt(quantity / 1e6);
    return { ...market, quantity, slippageFraction: cost + (random() - 0.5) * 0.001 };
  });

  it('finds the half spread and the impact they paid, within three standard errors', () => {
    const fitted = calibrateCosts(orders);
    expect(Math.abs(fitted.halfSpreadFraction - 0.0002)).toBeLessThan(3 * fitted.halfSpreadStandardError);
    expect(Math.abs(fitted.impactCoefficient - 0.8)).toBeLessThan(3 * fitted.impactStandardError);
    expect(fitted.impactStandardError).toBeLessThan(0.05);
    expect(fitted.residualStandardDeviation).toBeCloseTo(0.001 / Math.sqrt(12), 4);
    expect(fitted.observations).toBe(200);
  });

  it.each([
    ['29 orders', orders.slice(0, 29)],
    ['orders of one size', orders.map((order) => ({ ...order, quantity: 100 }))],
  ])('is refused of %s', (_, some) =>
    expect(() => calibrateCosts(some)).toThrow(expect.objectContaining({ code: 'OBSERVATIONS_TOO_FEW' })),
  );

  it('is refused of figures that are none', () => {
    expect(() => calibrateCosts([{ ...orders[0]!, averageDailyVolume: 0 }])).toThrow(RangeError);
    expect(() => calibrateCosts([{ ...orders[0]!, slippageFraction: Number.NaN }])).toThrow(RangeError);
  });
});
