import { describe, expect, it } from 'vitest';
import { money, moneyFromDollars, shares } from '#domain/money.ts';
import type { Holdings } from '#domain/rebalance.ts';
import { tradesToTargets } from '#domain/tradesToTargets.ts';

const rules = { noTradeFraction: 0, cashBufferFraction: 0 };

/** 1,000 dollars, of them ten shares of A at ten dollars; B costs ten dollars too. */
const account: Holdings = {
  equity: moneyFromDollars(1_000),
  cash: moneyFromDollars(900),
  positions: { A: shares(10) },
  prices: { A: moneyFromDollars(10), B: moneyFromDollars(10) },
};

describe('what brings an account to its targets', () => {
  it('sells before it buys', () => {
    const { trades, unpriced } = tradesToTargets({ B: 0.5 }, { state: 'active', ...account }, rules);
    expect(trades.map(({ side, quantity, symbol }) => `${side} ${quantity} ${symbol}`)).toEqual([
      'sell 10 A',
      'buy 50 B',
    ]);
    expect(unpriced).toEqual([]);
  });

  it('is half as much for an account that reduces', () => {
    const { trades } = tradesToTargets({ A: 0.1, B: 0.5 }, { state: 'reducing', ...account }, rules);
    expect(trades.map(({ side, quantity, symbol }) => `${side} ${quantity} ${symbol}`)).toEqual([
      'sell 5 A',
      'buy 25 B',
    ]);
  });

  it('leaves a symbol without a price to wait, told, and trades the others', () => {
    const targets = { B: 0.5, NEW: 0.5, OLD: 0 };
    const { trades, unpriced } = tradesToTargets(targets, { state: 'active', ...account }, rules);
    expect(trades.map(({ symbol }) => symbol)).toEqual(['A', 'B']);
    expect(unpriced).toEqual(['NEW']);
  });

  it('refuses to size what is held without a price', () => {
    const holdings = { ...account, prices: { B: money(100_000) } };
    expect(() => tradesToTargets({ B: 0.5 }, { state: 'active', ...holdings }, rules)).toThrow(RangeError);
  });
});
