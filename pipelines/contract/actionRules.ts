import type { DailyBars } from '#domain/bars.ts';
import { backwardAdjusted, grossReturn } from '../corporateActions/totalReturn.ts';
import type { ContractRules } from './contractRules.ts';
import { reportable, type Finding } from './finding.ts';
import type { RuleOutcome } from './sessionRules.ts';

/** Actions that are no figures: without them no return across their session is known. */
export function usableActions({ symbol, sessions, actions }: DailyBars): readonly Finding[] {
  if (!actions) return [];
  const findings: Finding[] = [];
  for (let row = 0; row < sessions.length; row += 1) {
    const [dividend, splitRatio] = [actions.dividend[row]!, actions.splitRatio[row]!];
    if (dividend >= 0 && splitRatio > 0 && dividend < Infinity && splitRatio < Infinity) continue;
    const figures = { dividend: reportable(dividend), splitRatio: reportable(splitRatio) };
    findings.push({ rule: 'actionInvalid', symbol, session: sessions[row]!, figures, action: 'quarantined' });
  }
  return findings;
}

/**
 * Splits and dividends that contradict the prices of their own session. A vendor that books one event twice, as a split
 * and as a dividend, leaves a return that either of them alone explains: the one that explains it is kept.
 * A dividend that is a large part of the price is a spin-off or a liquidation booked as cash.
 * @param bars ascending, finite and positive
 */
export function consistentActions(bars: DailyBars, rules: ContractRules): RuleOutcome {
  if (!bars.actions) return { bars, findings: [] };
  const actions = { dividend: bars.actions.dividend.slice(), splitRatio: bars.actions.splitRatio.slice() };
  const findings: Finding[] = [];
  for (let row = 1; row < bars.sessions.length; row += 1) {
    const [dividend, splitRatio] = [actions.dividend[row]!, actions.splitRatio[row]!];
    if (dividend === 0 && splitRatio === 1) continue;
    const at = { symbol: bars.symbol, session: bars.sessions[row]! };
    const both = grossReturn({ close: bars.close, actions }, row);
    const yieldFraction = (dividend * splitRatio) / bars.close[row - 1]!;
    if (yieldFraction > rules.spinOffYieldMin) {
      const figures = { dividend, splitRatio, closeBefore: bars.close[row - 1]!, yieldFraction };
      findings.push({ rule: 'spinOffAsDividend', ...at, figures, action: 'kept' });
    }
    const splitAlone = (bars.close[row]! * splitRatio) / bars.close[row - 1]!;
    const dividendAlone = (bars.close[row]! + dividend) / bars.close[row - 1]!;
    const implausible = Math.abs(Math.log(both)) >= rules.actionReturnMax;
    if (!implausible) continue;
    const figures = { dividend, splitRatio, grossReturn: both, splitAlone, dividendAlone };
    const none = bars.close[row]! / bars.close[row - 1]!;
    const repair = plausibleActions({ dividend, splitRatio }, { splitAlone, dividendAlone, none }, rules);
    if (repair) {
      actions.dividend[row] = repair.dividend;
      actions.splitRatio[row] = repair.splitRatio;
      findings.push({ rule: 'actionMismatch', ...at, figures, action: 'repaired', method: repair.method });
    } else {
      findings.push({ rule: 'actionMismatch', ...at, figures, action: 'kept' });
    }
  }
  return { bars: { ...bars, actions }, findings };
}

interface Actions {
  readonly dividend: number;
  readonly splitRatio: number;
}

/** The part of the actions that leaves an ordinary return, when part of them does. */
function plausibleActions(
  { dividend, splitRatio }: Actions,
  returns: { readonly splitAlone: number; readonly dividendAlone: number; readonly none: number },
  rules: ContractRules,
): (Actions & { readonly method: string }) | undefined {
  const size = (gross: number): number => Math.abs(Math.log(gross));
  const both = dividend > 0 && splitRatio !== 1;
  const choices = [
    { dividend: 0, splitRatio, method: 'split alone', size: size(returns.splitAlone) },
    { dividend, splitRatio: 1, method: 'dividend alone', size: size(returns.dividendAlone) },
    { dividend: 0, splitRatio: 1, method: 'neither', size: size(returns.none) },
  ];
  const best = choices.filter(({ method }) => both || method === 'neither').toSorted((a, b) => a.size - b.size)[0]!;
  return best.size < rules.actionReturnMax / 2 ? best : undefined;
}

/**
 * Puts our own adjusted closes, from raw prices and actions, in the place of the vendor's, and names the sessions at
 * which the vendor's return is another.
 * @param bars ascending, finite and positive, with consistent actions
 */
export function ownAdjustment(bars: DailyBars, rules: ContractRules): RuleOutcome {
  const { actions, close, adjustedClose: vendor } = bars;
  if (!actions) return { bars, findings: [] };
  const adjustedClose = backwardAdjusted({ close, actions });
  const findings: Finding[] = [];
  for (let row = 1; row < close.length; row += 1) {
    const ours = adjustedClose[row]! / adjustedClose[row - 1]!;
    const theirs = vendor[row]! / vendor[row - 1]!;
    // A vendor that gives no adjusted close has nothing to disagree with.
    if (!(Math.abs(theirs / ours - 1) > rules.adjustmentToleranceFraction)) continue;
    findings.push({
      rule: 'adjustmentMismatch',
      symbol: bars.symbol,
      session: bars.sessions[row]!,
      figures: { vendorReturn: theirs - 1, ownReturn: ours - 1 },
      action: 'repaired',
      method: 'adjusted anew from raw prices and actions',
    });
  }
  return { bars: { ...bars, adjustedClose }, findings };
}
