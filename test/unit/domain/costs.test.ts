import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commission, costOfFill, defaultCostRates, executionPrice } from '#domain/costs.ts';
import { money, moneyFromDollars, notional, shares } from '#domain/money.ts';

const rates = fc.record({
  halfSpreadBasisPoints: fc.double({ min: 0, max: 500, noNaN: true }),
  commissionBasisPoints: fc.double({ min: 0, max: 100, noNaN: true }),
});
const execution = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  printed: fc.integer({ min: 2, max: 100_000_000 }).map(money),
  quantity: fc.integer({ min: 1, max: 100_000 }).map(shares),
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
    expect(commission(money(10_001), shares(3), rates)).toBe(2);
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
        expect(cost.commission).toBe(commission(cost.price, given.quantity, charged));
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

  it.each([
    [0, 10, 1],
    [100, 0, 1],
    [100, 10, -1],
    [100, 10, Number.NaN],
  ])('refuses a print of %d, a quantity of %d and a rate of %d', (printed, quantity, rate) =>
    expect(() =>
      costOfFill(
        { side: 'buy', printed: money(printed), quantity: shares(quantity) },
        { halfSpreadBasisPoints: rate, commissionBasisPoints: 0 },
      ),
    ).toThrow(RangeError),
  );
});
