import { money, shares, type Money, type Shares } from './money.ts';

/** So many new shares for so many old ones: 4 for 1 is `{ to: 4, from: 1 }`. */
export interface ShareSplit {
  readonly to: number;
  readonly from: number;
}

/** What a split makes of a position. */
export interface SplitPosition {
  readonly quantity: Shares;
  /** For the fraction of a share that is left; negative where a short owes it. */
  readonly cashInLieu: Money;
}

/**
 * A position after a split: whole shares toward zero, and cash for the fraction left, at the close before in new
 * shares, rounded down.
 * @param quantity before the split; negative for a short
 * @param close of the session before, restated in new shares
 */
export function splitPosition(quantity: Shares, { to, from }: ShareSplit, close: Money): SplitPosition {
  const after = shares(Math.trunc((quantity * to) / from));
  const left = quantity * to - after * from;
  return { quantity: after, cashInLieu: money(Math.floor((left * close) / from)) };
}

/** A price before a split, in new shares: rounded to a ten-thousandth of a dollar, and never 0. */
export function splitPrice(price: Money, { to, from }: ShareSplit): Money {
  return money(Math.max(1, Math.round((price * from) / to)));
}

/**
 * A split as two whole numbers, from the ratio a provider tells: 1.5 is 3 for 2, 0.05 is 1 for 20.
 * @throws RangeError for a ratio that no pair of numbers up to 1,000 makes within a millionth
 */
export function splitOfRatio(ratio: number): ShareSplit {
  for (let from = 1; from <= splitTermMax; from += 1) {
    const to = Math.round(ratio * from);
    if (to >= 1 && to <= splitTermMax && Math.abs(to / from / ratio - 1) < 1e-6) return { to, from };
  }
  throw new RangeError(`not a split of shares: ${ratio}`);
}

const splitTermMax = 1_000;
