import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokerScheduleNames, type BrokerScheduleName } from '#domain/costs/brokerSchedule.ts';
import { brokerSchedules } from '#domain/costs/brokerSchedules.ts';
import { rateOn } from '#domain/costs/datedRates.ts';
import { chargeOfExecution, chargeOfOrder, chargesOfOrder, type ChargedOrder } from '#domain/costs/orderCharges.ts';
import { auditTrailFee, section31Fee, tradingActivityFee } from '#domain/costs/regulatoryFees.ts';
import { money, moneyFromDollars, notional, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';

interface Asked {
  readonly session: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly priceDollars: number;
  readonly takesLiquidity?: boolean;
  readonly monthShares?: number;
}

const order = ({ session, side, quantity, priceDollars, ...rest }: Asked): ChargedOrder => ({
  side,
  quantity: shares(quantity),
  value: notional(moneyFromDollars(priceDollars), shares(quantity)),
  session: sessionDate(session),
  takesLiquidity: true,
  monthShares: 0,
  ...rest,
});
const dollarsCharged = (name: BrokerScheduleName, asked: Asked): Readonly<Record<string, number>> =>
  Object.fromEntries(
    chargesOfOrder(brokerSchedules[name], order(asked)).map(({ kind, amount }) => [kind, amount / 10_000]),
  );
const toCents = (charges: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(charges).map(([kind, dollars]) => [kind, Math.round(dollars * 100) / 100]));
const totalDollars = (name: BrokerScheduleName, asked: Asked): number =>
  chargeOfOrder(brokerSchedules[name], order(asked)) / 10_000;

describe("the brokers' own published examples", () => {
  // interactivebrokers.com, Commissions: Stocks, fixed examples and the note on the maximum.
  it.each([
    [100, 25, 1],
    [1_000, 25, 5],
    [1_000, 0.25, 2.5],
    [10, 0.2, 0.02],
  ])('charge %d shares at %d dollars %d dollars, fixed', (quantity, priceDollars, commission) => {
    const bought: Asked = { session: '2023-06-01', side: 'buy', quantity, priceDollars };
    expect(dollarsCharged('ibkr-fixed', bought)).toEqual({ commission });
  });

  // interactivebrokers.com, Stock and ETF Fixed vs. Tiered Pricing Comparison Examples, at 8.00 dollars a million.
  const large: Asked = { session: '2023-06-01', side: 'sell', quantity: 30_000_000, priceDollars: 5 };
  const small: Asked = { ...large, quantity: 200_000 };

  it('charge 30,000,000 shares that take liquidity 139,188.10 dollars, tiered', () => {
    expect(toCents(dollarsCharged('ibkr-tiered', large))).toEqual({
      commission: 1_050 + 5_400 + 25_500 + 10_000,
      exchange: 90_000,
      clearing: 6_000,
      section31: 1_200,
      finraPassThrough: 23.49,
      nysePassThrough: 7.34,
      tradingActivity: 7.27,
    });
    expect(totalDollars('ibkr-tiered', large)).toBeCloseTo(139_188.1, 1);
    expect(totalDollars('ibkr-fixed', large)).toBe(151_207.27);
  });

  it('charge 200,000 shares that take liquidity 1,355.78 dollars, tiered, and 1,015.27 fixed', () => {
    expect(toCents(dollarsCharged('ibkr-tiered', small))).toEqual({
      commission: 700,
      exchange: 600,
      clearing: 40,
      section31: 8,
      finraPassThrough: 0.39,
      nysePassThrough: 0.12,
      tradingActivity: 7.27,
    });
    expect(totalDollars('ibkr-tiered', small)).toBeCloseTo(1_355.78, 2);
    expect(totalDollars('ibkr-fixed', small)).toBe(1_015.27);
  });

  it('charge no exchange fee to an order that rested', () =>
    expect(dollarsCharged('ibkr-tiered', { ...small, takesLiquidity: false })['exchange']).toBeUndefined());

  it('price the shares of a month in their tiers, whatever order they come in', () => {
    const first = { ...large, quantity: 250_000 };
    const second = { ...large, quantity: 100_000, monthShares: 250_000 };
    expect(dollarsCharged('ibkr-tiered', first)['commission']).toBe(875);
    expect(dollarsCharged('ibkr-tiered', second)['commission']).toBe(50_000 * 0.0035 + 50_000 * 0.002);
  });

  // docs.alpaca.markets, Regulatory Fees: 0.00083 dollars are charged as one cent.
  it('round every fee of Alpaca up to a cent', () => {
    const sold: Asked = { session: '2025-02-03', side: 'sell', quantity: 5, priceDollars: 100 };
    expect(dollarsCharged('alpaca', sold)).toEqual({ section31: 0.02, tradingActivity: 0.01, auditTrail: 0.01 });
    expect(dollarsCharged('alpaca', { ...sold, side: 'buy' })).toEqual({ auditTrail: 0.01 });
    expect(dollarsCharged('alpaca', { ...sold, session: '2022-03-01', side: 'buy' })).toEqual({});
  });

  it('cap the Trading Activity Fee at its sum for one trade', () => {
    const sold: Asked = { session: '2026-04-06', side: 'sell', quantity: 1_000_000, priceDollars: 10 };
    expect(dollarsCharged('schwab', sold)).toEqual({ section31: 206, tradingActivity: 9.79 });
  });
});

describe('rates by date', () => {
  it.each([
    ['2021-02-24', 2_210],
    ['2021-02-25', 510],
    ['2025-05-13', 2_780],
    ['2025-05-14', 0],
    ['2026-04-03', 0],
    ['2026-04-04', 2_060],
  ])('change on the day that is named: %s', (session, cents) =>
    expect(rateOn(section31Fee, sessionDate(session), 'the fee')).toBe(cents),
  );

  it.each([section31Fee, tradingActivityFee, auditTrailFee])(
    'stand in the order of their days: $source',
    ({ rates }) => {
      const days = rates.map(({ from }) => from);
      expect(days).toEqual([...new Set(days)].toSorted());
    },
  );

  it('are refused outside their table, never guessed at', () => {
    const outside = (session: string): (() => unknown) => {
      return () => rateOn(section31Fee, sessionDate(session), 'the fee');
    };
    expect(outside('2007-03-16')).toThrow(expect.objectContaining({ code: 'COST_RATE_UNKNOWN' }));
    expect(outside('2026-11-30')).toThrow(expect.objectContaining({ code: 'COST_RATE_UNKNOWN' }));
    expect(outside('2026-11-29')).not.toThrow();
  });

  it.each(brokerScheduleNames)('of %s are refused before and after the schedule is known', (name) => {
    const { from, through } = brokerSchedules[name];
    const of = (session: string): (() => unknown) => {
      return () => totalDollars(name, { session, side: 'sell', quantity: 10, priceDollars: 10 });
    };
    expect(of('2019-04-15')).toThrow(expect.objectContaining({ code: 'COST_RATE_UNKNOWN' }));
    expect(of('2026-12-01')).toThrow(expect.objectContaining({ code: 'COST_RATE_UNKNOWN' }));
    expect(of(from)).not.toThrow();
    expect(of(through)).not.toThrow();
  });
});

const scheduleNames = fc.constantFrom(...brokerScheduleNames);
const day = fc
  .integer({ min: Date.parse('2020-02-18'), max: Date.parse('2026-11-29') })
  .map((atMs) => sessionDate(new Date(atMs).toISOString().slice(0, 10)));
const charged = fc
  .record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 2_000_000 }).map(shares),
    price: fc.integer({ min: 1, max: 50_000_000 }).map(money),
    session: day,
    takesLiquidity: fc.boolean(),
    monthShares: fc.integer({ min: 0, max: 150_000_000 }),
  })
  .map(({ price, ...rest }): ChargedOrder => ({ ...rest, value: notional(price, rest.quantity) }));

describe('what a broker charges', () => {
  it('is never negative and never falls as an order executes further', () =>
    fc.assert(
      fc.property(scheduleNames, charged, charged, (name, before, more) => {
        const schedule = brokerSchedules[name];
        const after: ChargedOrder = {
          ...before,
          quantity: shares(before.quantity + more.quantity),
          value: money(before.value + more.value),
        };
        expect(chargeOfOrder(schedule, before)).toBeGreaterThanOrEqual(0);
        expect(chargeOfExecution(schedule, before, after)).toBeGreaterThanOrEqual(0);
      }),
    ));

  it('of executions adds up to that of their order, so that a minimum is paid once', () =>
    fc.assert(
      fc.property(scheduleNames, charged, fc.array(charged, { maxLength: 5 }), (name, first, others) => {
        const schedule = brokerSchedules[name];
        let order: ChargedOrder = { ...first, quantity: shares(0), value: money(0) };
        let sum = 0;
        for (const { quantity, value } of [first, ...others]) {
          const after = {
            ...order,
            quantity: shares(order.quantity + quantity),
            value: money(order.value + value),
          };
          sum += chargeOfExecution(schedule, order, after);
          order = after;
        }
        expect(sum).toBe(chargeOfOrder(schedule, order));
      }),
    ));

  it('for two orders is never less than for both in one, but for the tiers and the maxima', () =>
    fc.assert(
      fc.property(scheduleNames, charged, fc.integer({ min: 1, max: 99 }), (name, whole, percent) => {
        const schedule = brokerSchedules[name];
        const part = Math.floor((whole.quantity * percent) / 100);
        fc.pre(part > 0);
        const priced = (quantity: number, monthShares: number): ChargedOrder => ({
          ...whole,
          quantity: shares(quantity),
          value: money((whole.value / whole.quantity) * quantity),
          monthShares,
        });
        const apart =
          chargeOfOrder(schedule, priced(part, whole.monthShares)) +
          chargeOfOrder(schedule, priced(whole.quantity - part, whole.monthShares + part));
        expect(apart).toBeGreaterThanOrEqual(chargeOfOrder(schedule, whole));
      }),
    ));

  it('for no shares is nothing', () =>
    fc.assert(
      fc.property(scheduleNames, charged, (name, order) => {
        expect(chargesOfOrder(brokerSchedules[name], { ...order, quantity: shares(0), value: money(0) })).toEqual([]);
      }),
    ));

  it.each([{ quantity: shares(-1) }, { value: money(-1) }, { monthShares: -1 }, { monthShares: Number.NaN }])(
    'is refused for what is no order: %o',
    (change) => {
      const given = order({ session: '2024-01-02', side: 'buy', quantity: 1, priceDollars: 1 });
      expect(() => chargesOfOrder(brokerSchedules.schwab, { ...given, ...change })).toThrow(RangeError);
    },
  );
});
