import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commission, costOfFill, defaultCostRates, executionPrice } from '#domain/costs.ts';
import { money, moneyFromDollars, notional, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';

const session = sessionDate('2024-01-02');
const rates = fc.record({
  halfSpreadBasisPoints: fc.double({ min: 0, max: 500, noNaN: true }),
  commissionBasisPoints: fc.double({ min: 0, max: 100, noNaN: true }),
});
const execution = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  printed: fc.integer({ min: 2, max: 100_000_000 }).map(money),
  quantity: fc.integer({ min: 1, max: 100_000 }).map(shares),
  session: fc.constant(session),
});

describe('the cost of trading', () => {
  it('pays half the spread above the print to buy and below it to sell', () => {
    const printed = moneyFromDollars(100);
    expect(executionPrice('buy', printed, defaultCostRates)).toBe(moneyFromDollars(100.01));
    expect(executionPrice('sell', printed, defaultCostRates)).toBe(moneyFromDollars(99.99));
  });

  it('rounds the slippage and the commission against us', () => {
    const rates = { halfSpreadBasisPoints: 1, commissionBasisPoints: 0.5 };
    expect(executionPrice('buy', money(10_001), rates)).toBe(10_003);
    expect(executionPrice('sell', money(10_001), rates)).toBe(9_999);
    expect(commission({ side: 'buy', price: money(10_001), quantity: shares(3), session }, rates)).toBe(2);
  });

  it('never sells for nothing', () => expect(executionPrice('sell', money(1), defaultCostRates)).toBe(1));

  it('takes exactly notional and commission out of cash, whichever the side', () =>
    fc.assert(
      fc.property(execution, rates, (given, charged) => {
        const cost = costOfFill(given, charged);
        const paid = notional(cost.price, given.quantity);
        expect(cost.cashChange).toBe((given.side === 'buy' ? -1 : 1) * paid - cost.commission);
        expect(cost.slippage).toBe(Math.abs(cost.price - given.printed) * given.quantity);
        expect(cost.price).toBe(executionPrice(given.side, given.printed, charged));
        expect(cost.commission).toBe(commission({ ...given, price: cost.price }, charged));
      }),
    ));

  it('never earns by buying and selling at the same print', () =>
    fc.assert(
      fc.property(execution, rates, (given, charged) => {
        const there = costOfFill({ ...given, side: 'buy' }, charged);
        const back = costOfFill({ ...given, side: 'sell' }, charged);
        expect(there.cashChange + back.cashChange).toBeLessThanOrEqual(0);
      }),
    ));

  describe('by a broker', () => {
    const free = { halfSpreadBasisPoints: 0, commissionBasisPoints: 0 };
    const fixed = { ...free, schedule: 'ibkr-fixed' as const };
    const sold = (quantity: number, before = 0): Parameters<typeof commission>[0] => ({
      side: 'sell',
      price: moneyFromDollars(20),
      quantity: shares(quantity),
      session: sessionDate('2023-06-01'),
      before: { quantity: before, value: moneyFromDollars(20) * before },
    });

    it("is the schedule's charge of the session", () => {
      // A dollar at least, 8 dollars a million of 2,000, 0.000145 for each of 100 shares.
      expect(commission(sold(100), fixed)).toBe(10_000 + 160 + 145);
      expect(commission(sold(100), { ...fixed, schedule: null })).toBe(0);
    });

    it('pays the minimum of an order once, however it is executed', () => {
      const apart = commission(sold(30), fixed) + commission(sold(70, 30), fixed);
      expect(apart).toBe(commission(sold(100), fixed));
      expect(commission(sold(70, 30), fixed)).toBeLessThan(commission(sold(70), fixed));
    });

    it('comes beside the commission on the notional', () =>
      expect(commission(sold(100), { ...fixed, commissionBasisPoints: 1 })).toBe(commission(sold(100), fixed) + 2_000));

    it('may be charged by the rates of one session whatever the session', () => {
      const today = { ...fixed, ratesAsOf: '2026-04-06' };
      const old = { ...sold(100), session: sessionDate('1999-01-04') };
      // 20.60 dollars a million, 0.000195 a share, and the audit trail's 0.0000265.
      expect(commission(old, today)).toBe(10_000 + 412 + 195 + 27);
      expect(() => commission(old, fixed)).toThrow(expect.objectContaining({ code: 'COST_RATE_UNKNOWN' }));
      expect(() => commission(old, { ...fixed, ratesAsOf: 'then' })).toThrow(RangeError);
    });
  });

  it.each([
    [0, 10, 1],
    [100, 0, 1],
    [100, 10, -1],
    [100, 10, Number.NaN],
  ])('refuses a print of %d, a quantity of %d and a rate of %d', (printed, quantity, rate) =>
    expect(() =>
      costOfFill(
        { side: 'buy', printed: money(printed), quantity: shares(quantity), session },
        { halfSpreadBasisPoints: rate, commissionBasisPoints: 0 },
      ),
    ).toThrow(RangeError),
  );
});
