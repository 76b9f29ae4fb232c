import type { DailyBars } from './bars.ts';
import { money, moneyPerDollar, type Money, type Shares } from './money.ts';
import type { SessionDate } from './sessionDate.ts';

/** Below this part of the price a change of the adjustment is the provider's rounding, not a dividend. */
const yieldMin = 1e-5;

/**
 * Cash dividends by ex-date, read out of the adjusted closes: a provider multiplies every earlier close by
 * 1 - dividend / last close before the ex-date (the method of CRSP), so the step of that factor gives the dividend back.
 * @param bars finite and positive, as the data contract leaves them
 * @returns dollars a share, in today's shares where prices are split adjusted; sessions without one are absent
 */
export function impliedDividends({
  sessions,
  close,
  adjustedClose,
}: Pick<DailyBars, 'sessions' | 'close' | 'adjustedClose'>): ReadonlyMap<SessionDate, number> {
  const found = new Map<SessionDate, number>();
  for (let row = 1; row < sessions.length; row += 1) {
    const before = adjustedClose[row - 1]! / close[row - 1]!;
    const paid = 1 - before / (adjustedClose[row]! / close[row]!);
    if (paid > yieldMin) found.set(sessions[row]!, paid * close[row - 1]!);
  }
  return found;
}

/** Cash a dividend pays on a holding, negative for a short, rounded down to a ten-thousandth of a dollar. */
export function dividendCash(dollarsAShare: number, quantity: Shares): Money {
  // The dividend is itself derived: a hundredth of the smallest unit is rounding, not money.
  return money(Math.floor(quantity * dollarsAShare * moneyPerDollar + 0.01));
}
