import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, moneyFromDollars, shares, type Money, type Shares } from '#domain/money.ts';
import { rebalance, type Holdings, type Trade } from '#domain/rebalance.ts';

const rules = { noTradeFraction: 0, cashBufferFraction: 0 };
const symbols = ['AAPL', 'AMZN', 'GOOG', 'IBM', 'MSFT'] as const;

/** A long-only account in five symbols with targets of at most all of equity. */
const cases = fc
  .record({
    cash: fc.integer({ min: 0, max: 10_000_000_000 }),
    each: fc.array(
      fc.record({
        held: fc.integer({ min: 0, max: 10_000 }),
        price: fc.integer({ min: 1, max: 10_000_000 }),
        appetite: fc.nat({ max: 100 }),
      }),
      { minLength: symbols.length, maxLength: symbols.length },
    ),
    spare: fc.nat({ max: 100 }),
  })
  .map(({ cash, each, spare }) => {
    const whole = each.reduce((total, { appetite }) => total + appetite, spare) || 1;
    const by = <T>(value: (one: (typeof each)[number]) => T): Record<string, T> =>
      Object.fromEntries(each.map((one, index) => [symbols[index] ?? '', value(one)]));
    const equity = each.reduce((total, { held, price }) => total + held * price, cash);
    const holdings: Holdings = {
      equity: money(equity),
      cash: money(cash),
      positions: by(({ held }) => shares(held)),
      prices: by(({ price }) => money(price)),
    };
    return { holdings, targets: by(({ appetite }) => appetite / whole) };
  });

function cashAfter(trades: readonly Trade[], cash: number, priceFactor: (trade: Trade) => number): number {
  return trades.reduce((left, trade) => {
    const amount = trade.quantity * trade.referencePrice * priceFactor(trade);
    return trade.side === 'buy' ? left - amount : left + amount;
  }, cash);
}

const account = (cash: number, positions: Record<string, number>, prices: Record<string, number>): Holdings => {
  const held = Object.fromEntries(
    Object.entries(positions).map(([symbol, count]): [string, Shares] => [symbol, shares(count)]),
  );
  const priced = Object.fromEntries(
    Object.entries(prices).map(([symbol, price]): [string, Money] => [symbol, moneyFromDollars(price)]),
  );
  const value = Object.entries(held).reduce((total, [symbol, count]) => total + count * (priced[symbol] ?? 0), 0);
  const ready = moneyFromDollars(cash);
  return { cash: ready, equity: money(ready + value), positions: held, prices: priced };
};

describe('a rebalance', () => {
  it('buys whole shares, rounded toward zero', () =>
    expect(rebalance({ AAPL: 0.5 }, account(10_000, {}, { AAPL: 33 }), rules)).toEqual([
      { symbol: 'AAPL', side: 'buy', quantity: 151, reduceOnly: false, referencePrice: moneyFromDollars(33) },
    ]));

  it('sells before it buys, and flags only the sales reduce-only', () => {
    const trades = rebalance({ AAPL: 0.5, MSFT: 0.5 }, account(0, { MSFT: 100 }, { AAPL: 10, MSFT: 10 }), rules);
    expect(trades.map(({ symbol, side, quantity, reduceOnly }) => [symbol, side, quantity, reduceOnly])).toEqual([
      ['MSFT', 'sell', 50, true],
      ['AAPL', 'buy', 50, false],
    ]);
  });

  it('leaves a position that is no longer aimed at, however small', () => {
    const trades = rebalance({}, account(100_000, { IBM: 1 }, { IBM: 5 }), { ...rules, noTradeFraction: 0.05 });
    expect(trades).toMatchObject([{ symbol: 'IBM', side: 'sell', quantity: 1, reduceOnly: true }]);
  });

  it('does not trade a change inside the band, and trades one at its edge', () => {
    const before = account(5_000, { AAPL: 50 }, { AAPL: 100 });
    expect(rebalance({ AAPL: 0.51 }, before, { ...rules, noTradeFraction: 0.02 })).toEqual([]);
    expect(rebalance({ AAPL: 0.52 }, before, { ...rules, noTradeFraction: 0.02 })).toMatchObject([{ quantity: 2 }]);
  });

  it('never sells what is not held, and never buys beyond the cash', () =>
    fc.assert(
      fc.property(cases, ({ holdings, targets }) => {
        const trades = rebalance(targets, holdings, rules);
        for (const { symbol, side, quantity, reduceOnly } of trades) {
          expect(quantity).toBeGreaterThan(0);
          expect(reduceOnly).toBe(side === 'sell');
          expect(side === 'buy' || quantity <= (holdings.positions[symbol] ?? 0)).toBe(true);
        }
        const sides = trades.map(({ side }) => side);
        expect(sides).toEqual([...sides].sort().reverse());
        expect(new Set(trades.map(({ symbol }) => symbol)).size).toBe(trades.length);
        expect(cashAfter(trades, holdings.cash, () => 1)).toBeGreaterThanOrEqual(0);
      }),
    ));

  it('keeps cash from going negative when every fill is half a buffer worse than its reference price', () =>
    fc.assert(
      fc.property(cases, fc.double({ min: 0, max: 0.2, noNaN: true }), ({ holdings, targets }, cashBufferFraction) => {
        const trades = rebalance(targets, holdings, { ...rules, cashBufferFraction });
        const worse = cashBufferFraction / 2;
        const left = cashAfter(trades, holdings.cash, ({ side }) => (side === 'buy' ? 1 + worse : 1 - worse));
        expect(left).toBeGreaterThanOrEqual(-1e-6 * Math.max(1, holdings.equity * 1e-6));
      }),
    ));

  it('comes within one share of its target wherever cash allows', () =>
    fc.assert(
      fc.property(cases, ({ holdings, targets }) => {
        const half = Object.fromEntries(Object.entries(targets).map(([symbol, weight]) => [symbol, weight / 2]));
        for (const { symbol, side, quantity, referencePrice } of rebalance(half, holdings, rules)) {
          const held = (holdings.positions[symbol] ?? 0) + (side === 'buy' ? 1 : -1) * quantity;
          const wanted = ((half[symbol] ?? 0) * holdings.equity) / referencePrice;
          expect(Math.abs(held - wanted)).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    ));

  it('wants nothing more once its trades are done at their reference prices', () =>
    fc.assert(
      fc.property(cases, ({ holdings, targets }) => {
        const trades = rebalance(targets, holdings, rules);
        const positions = { ...holdings.positions };
        for (const { symbol, side, quantity } of trades) {
          positions[symbol] = shares((positions[symbol] ?? 0) + (side === 'buy' ? 1 : -1) * quantity);
        }
        const cash = money(cashAfter(trades, holdings.cash, () => 1));
        const again = rebalance(targets, { ...holdings, cash, positions }, rules);
        expect(again.filter(({ side }) => side === 'sell')).toEqual([]);
      }),
    ));

  it.each([
    ['a negative weight', { AAPL: -0.1 }, account(100, {}, { AAPL: 1 })],
    ['a weight that is no number', { AAPL: Number.NaN }, account(100, {}, { AAPL: 1 })],
    ['an endless weight', { AAPL: Number.POSITIVE_INFINITY }, account(100, {}, { AAPL: 1 })],
    ['a short position', { AAPL: 0.1 }, { ...account(100, {}, { AAPL: 1 }), positions: { AAPL: shares(-1) } }],
    ['a missing price', { AAPL: 0.1 }, account(100, {}, {})],
    ['an account below zero', { AAPL: 0.1 }, { ...account(100, {}, { AAPL: 1 }), equity: money(-1) }],
  ])('refuses %s', (_, targets, holdings) => expect(() => rebalance(targets, holdings, rules)).toThrow(RangeError));
});
