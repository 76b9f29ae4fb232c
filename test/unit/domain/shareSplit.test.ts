import { describe, expect, it } from 'vitest';
import { money, shares } from '#domain/money.ts';
import { splitOfRatio, splitPosition, splitPrice } from '#domain/shareSplit.ts';

describe('a split', () => {
  it('multiplies shares and pays the fraction left in cash at the close in new shares', () => {
    expect(splitPosition(shares(101), { to: 3, from: 2 }, money(400_000))).toEqual({
      quantity: 151,
      cashInLieu: 200_000,
    });
    expect(splitPosition(shares(101), { to: 2, from: 1 }, money(400_000))).toEqual({ quantity: 202, cashInLieu: 0 });
  });

  it('of a short leaves a fraction that is owed, rounded against the account', () => {
    expect(splitPosition(shares(-101), { to: 1, from: 2 }, money(3))).toEqual({ quantity: -50, cashInLieu: -2 });
  });

  it('divides prices, and none becomes nothing', () => {
    expect(splitPrice(money(1_000_000), { to: 4, from: 1 })).toBe(250_000);
    expect(splitPrice(money(1), { to: 20, from: 1 })).toBe(1);
  });

  it('is two whole numbers whatever digits a provider tells', () => {
    expect(splitOfRatio(1.5)).toEqual({ to: 3, from: 2 });
    expect(splitOfRatio(0.05)).toEqual({ to: 1, from: 20 });
    expect(splitOfRatio(1.333_333_3)).toEqual({ to: 4, from: 3 });
    expect(() => splitOfRatio(0)).toThrow('not a split');
    expect(() => splitOfRatio(Math.E)).toThrow('not a split');
  });
});
