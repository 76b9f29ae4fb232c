import { describe, expect, it } from 'vitest';
import { money, shares } from '#domain/money.ts';
import { afterActions } from '#domain/positionActions.ts';

const close = money(150_000);

describe('corporate actions of a session', () => {
  it('leave a position alone where there are none', () => {
    expect(afterActions(shares(7), { dividendDollars: 0, close })).toEqual({
      quantity: 7,
      cashInLieu: 0,
      dividend: 0,
    });
  });

  it('split first: a dividend of the same day is paid for the shares after it', () => {
    expect(afterActions(shares(101), { split: { to: 3, from: 2 }, dividendDollars: 0.3, close })).toEqual({
      quantity: 151,
      cashInLieu: 75_000,
      dividend: 151 * 3_000,
    });
  });

  it('are owed by a short', () => {
    expect(afterActions(shares(-100), { split: { to: 2, from: 1 }, dividendDollars: 0.5, close })).toEqual({
      quantity: -200,
      cashInLieu: 0,
      dividend: -1_000_000,
    });
  });
});
