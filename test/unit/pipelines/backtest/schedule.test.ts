import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokerScheduleNames } from '#domain/costs/brokerSchedule.ts';
import { commission, type CostRates } from '#domain/costs.ts';
import { moneyFromDollars, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { barsOfRows, freeTrading, limitAt, order, playScript, rowsOf } from './scripted.ts';

const session = sessionDate('2026-04-06');
const ratesOf = (schedule: NonNullable<CostRates['schedule']>): CostRates => ({
  ...freeTrading,
  schedule,
  ratesAsOf: session,
});

describe("a broker's schedule in a backtest", () => {
  const flat = [barsOfRows(rowsOf(4, [11, 11, 11, 11]))];

  it('is paid beside the price', () => {
    const { fills } = playScript(flat, { 0: [order(90)] }, { rates: ratesOf('ibkr-fixed') });
    // A dollar at least, and the audit trail's 0.0000265 for each share.
    expect(fills).toMatchObject([{ quantity: 90, commission: 10_024 }]);
  });

  it('is of the whole order where volume makes it trade in parts', () => {
    const thin = [barsOfRows(rowsOf(4, [11, 11, 11, 11, 600]))];
    const rates = ratesOf('ibkr-fixed');
    const { fills } = playScript(
      thin,
      { 0: [order(90, limitAt(11), { timeInForce: 'untilCancelled' })] },
      { rates, participationFraction: 0.1 },
    );
    expect(fills.map((fill) => fill.quantity)).toEqual([60, 30]);
    const charged = fills.reduce((sum, fill) => sum + fill.commission, 0);
    const quantity = shares(fills.reduce((sum, fill) => sum + fill.quantity, 0));
    expect(charged).toBe(commission({ side: 'buy', price: moneyFromDollars(11), quantity, session }, rates));
  });

  it('is paid out of the cash: not a share more is bought than both together allow', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...brokerScheduleNames),
        fc.integer({ min: 20, max: 20_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        (schedule, cashDollars, wanted) => {
          const rates = ratesOf(schedule);
          const cash = moneyFromDollars(cashDollars);
          const price = moneyFromDollars(11);
          const cost = (quantity: number): number =>
            price * quantity + commission({ side: 'buy', price, quantity: shares(quantity), session }, rates);
          const bought = playScript(flat, { 0: [order(wanted)] }, { rates, cash }).fills[0]?.quantity ?? 0;
          expect(cost(bought)).toBeLessThanOrEqual(cash);
          expect(bought === wanted || cost(bought + 1) > cash).toBe(true);
        },
      ),
      { numRuns: 50 },
    ));
});
