import type { DailyBars } from './bars.ts';
import type { CorporateAction } from './corporateAction.ts';

/**
 * Raw bars with the splits and dividends of their symbol as columns. What takes effect on a day without a bar moves to
 * the next bar, dividends being told for a share as it is then; what lies after the last bar, and actions of kind
 * `other`, are left out.
 * @param bars raw, oldest first
 * @param actions of any symbols, in any order
 */
export function withActions(bars: DailyBars, actions: readonly CorporateAction[]): DailyBars {
  const dividend = new Float64Array(bars.sessions.length);
  const splitRatio = new Float64Array(bars.sessions.length).fill(1);
  // Of one day the split comes first: that day's dividend is paid for the new shares.
  const own = actions
    .filter(({ symbol }) => symbol === bars.symbol)
    .toSorted((a, b) => (a.exDate === b.exDate ? rank(a) - rank(b) : a.exDate < b.exDate ? -1 : 1));
  for (const action of own) {
    const row = bars.sessions.findIndex((session) => session >= action.exDate);
    if (row === -1) continue;
    if (action.kind === 'split') {
      dividend[row]! /= action.ratio;
      splitRatio[row]! *= action.ratio;
    }
    if (action.kind === 'cashDividend') dividend[row]! += action.amount;
  }
  return { ...bars, actions: { dividend, splitRatio } };
}

function rank({ kind }: CorporateAction): number {
  return kind === 'split' ? 0 : 1;
}
