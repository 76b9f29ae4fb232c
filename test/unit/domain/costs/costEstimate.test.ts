import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokerScheduleNames } from '#domain/costs/brokerSchedule.ts';
import { brokerSchedules } from '#domain/costs/brokerSchedules.ts';
import {
  estimateCost,
  type EstimatedExecution,
  type EstimatedMarket,
  type EstimatedOrder,
} from '#domain/costs/costEstimate.ts';
import { squareRootImpact } from '#domain/costs/marketImpact.ts';
import { moneyFromDollars, money, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';

const order: EstimatedOrder = {
  side: 'buy',
  quantity: shares(1_000),
  price: moneyFromDollars(100),
  session: sessionDate('2023-06-01'),
};
const market: EstimatedMarket = {
  averageDailyVolume: 1_000_000,
  dailyVolatility: 0.02,
  spreadFraction: 0.0004,
  adverseDriftPerDay: 0,
};
const execution: EstimatedExecution = {
  schedule: brokerSchedules['ibkr-fixed'],
  monthShares: 0,
  impact: squareRootImpact,
  durationSessions: 0.03,
  delaySessions: 0,
};

describe('the estimate of a cost', () => {
  it('tells every part of it, by hand', () => {
    const estimate = estimateCost(order, market, execution);
    expect(estimate).toEqual({
      notional: 1_000_000_000,
      commission: 50_000,
      charges: [{ kind: 'commission', amount: 50_000 }],
      spread: 200_000,
      // 100,000 dollars times 0.02 times the square root of a thousandth.
      marketImpact: 632_456,
      temporaryImpact: 632_456,
      permanentImpact: 0,
      slippage: 0,
      total: 882_456,
      totalFraction: 882_456 / 1_000_000_000,
      // 100,000 dollars times 0.02 times the square root of a third of 0.03.
      slippageStandardDeviation: 2_000_000,
      participationFraction: 1 / 30,
    });
  });

  it('takes the drift in whole over the delay and by half over the execution', () => {
    const drifting = { ...market, adverseDriftPerDay: 0.01 };
    const { slippage } = estimateCost(order, drifting, { ...execution, delaySessions: 0.1, durationSessions: 0.4 });
    expect(slippage).toBe(moneyFromDollars(100_000 * 0.01 * 0.3));
    const coming = estimateCost(order, { ...drifting, adverseDriftPerDay: -0.01 }, execution);
    expect(coming.slippage).toBeLessThan(0);
  });

  const figure = (max: number): fc.Arbitrary<number> => fc.double({ min: 0, max, noNaN: true });
  const orders = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 1_000_000 }).map(shares),
    price: fc.integer({ min: 1, max: 10_000_000 }).map(money),
    session: fc.constant(sessionDate('2026-04-06')),
  });
  const markets = fc.record({
    averageDailyVolume: fc.integer({ min: 1, max: 100_000_000 }),
    dailyVolatility: figure(0.5),
    spreadFraction: figure(0.1),
    adverseDriftPerDay: figure(0.1),
  });
  const executions = fc.record({
    schedule: fc.constantFrom(...brokerScheduleNames).map((name) => brokerSchedules[name]),
    monthShares: fc.constant(0),
    impact: fc.constant(squareRootImpact),
    durationSessions: fc.double({ min: 0.001, max: 5, noNaN: true }),
    delaySessions: figure(1),
  });

  it('is never negative without a market that comes to the order, and is the sum of its parts', () =>
    fc.assert(
      fc.property(orders, markets, executions, (given, where, how) => {
        const estimate = estimateCost(given, where, how);
        const { commission, spread, marketImpact, slippage, total, totalFraction } = estimate;
        expect(Math.min(commission, spread, marketImpact, slippage)).toBeGreaterThanOrEqual(0);
        expect(total).toBe(commission + spread + marketImpact + slippage);
        expect(totalFraction).toBeCloseTo(total / (given.price * given.quantity), 12);
      }),
    ));

  it('never falls with the quantity', () =>
    fc.assert(
      fc.property(fc.tuple(orders, orders), markets, executions, ([given, more], where, how) => {
        const larger = { ...given, quantity: shares(given.quantity + more.quantity) };
        const [less, greater] = [given, larger].map((one) => estimateCost(one, where, how).total);
        expect(greater).toBeGreaterThanOrEqual(less!);
      }),
    ));

  it.each([{ spreadFraction: -0.1 }, { adverseDriftPerDay: Number.NaN }, { averageDailyVolume: 0 }])(
    'is refused in a market of %o',
    (change) => expect(() => estimateCost(order, { ...market, ...change }, execution)).toThrow(RangeError),
  );

  it('is refused of a session that the schedule does not know', () =>
    expect(() => estimateCost({ ...order, session: sessionDate('2010-01-04') }, market, execution)).toThrow(
      expect.objectContaining({ code: 'COST_RATE_UNKNOWN' }),
    ));
});
