import type { DailyBars } from '#domain/bars.ts';
import type { ContractRules } from './contractRules.ts';
import { dropRows } from '../barRows.ts';
import type { Finding } from './finding.ts';
import type { RuleOutcome } from './sessionRules.ts';

/** Makes the median absolute deviation of a normal sample its standard deviation (Rousseeuw and Croux, 1993). */
const normalConsistency = 1.4826;

/** Ratios of splits that are looked for, forward and reverse; 3 for 2 is left out, since prices do move that far. */
const splitRatios = [2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50, 100] as const;

/**
 * Adjusted log returns far outside the sessions before them. They are kept: earnings do this, and a price that really
 * moved must not be smoothed away.
 * @param bars ascending, finite and positive
 */
export function returnOutliers(bars: DailyBars, rules: ContractRules): readonly Finding[] {
  const returns = logReturns(bars.adjustedClose);
  const findings: Finding[] = [];
  for (let row = rules.outlierWindowSessions; row < returns.length; row += 1) {
    const value = returns[row]!;
    if (Math.abs(value) < rules.outlierReturnMin) continue;
    const before = returns.subarray(row - rules.outlierWindowSessions, row);
    const center = median(before);
    const spread = normalConsistency * median(before.map((other) => Math.abs(other - center)));
    const score = Math.abs(value - center) / spread;
    if (!(score >= rules.outlierScoreMin)) continue;
    findings.push({
      rule: 'returnOutlier',
      symbol: bars.symbol,
      session: bars.sessions[row + 1]!,
      figures: { logReturn: value, robustScore: Number.isFinite(score) ? score : 'Infinity' },
      action: 'kept',
    });
  }
  return findings;
}

/**
 * Adjusted returns that are large in themselves: after a crash the spread of the sessions before is so wide that no
 * score stands out, and it is then that a wrong figure does the most harm.
 */
export function extremeReturns(bars: DailyBars, rules: ContractRules): readonly Finding[] {
  const { symbol, sessions, adjustedClose } = bars;
  const findings: Finding[] = [];
  for (let row = 1; row < sessions.length; row += 1) {
    const simpleReturn = adjustedClose[row]! / adjustedClose[row - 1]! - 1;
    if (Math.abs(simpleReturn) < rules.extremeReturnMin) continue;
    const figures = { simpleReturn };
    findings.push({ rule: 'returnExtreme', symbol, session: sessions[row]!, figures, action: 'kept' });
  }
  return findings;
}

/**
 * Rows on another scale than both their neighbours, which agree: one bar adjusted for a later split among raw ones.
 * The row is left out; no repair knows which scale was meant.
 */
export function singleScale(bars: DailyBars, rules: ContractRules): RuleOutcome {
  const returns = logReturns(bars.adjustedClose);
  const findings: Finding[] = [];
  const lost: number[] = [];
  // The first and the last row have one neighbour each: nothing says who is on another scale.
  for (let row = 1; row < returns.length; row += 1) {
    const [into, out] = [returns[row - 1]!, returns[row]!];
    if (Math.abs(into) < rules.scaleJumpMin || Math.abs(out) < rules.scaleJumpMin) continue;
    const returnsAgain = Math.abs(into + out) <= rules.scaleJumpMin / 4;
    if (!returnsAgain || hasTurmoil(bars, row, rules)) continue;
    lost.push(row);
    findings.push({
      rule: 'mixedAdjustment',
      symbol: bars.symbol,
      session: bars.sessions[row]!,
      figures: { closeBefore: bars.close[row - 1]!, close: bars.close[row]!, closeAfter: bars.close[row + 1]! },
      action: 'skipped',
    });
  }
  return { bars: dropRows(bars, lost), findings };
}

/** Adjusted closes that jump by the ratio of a split: the source forgot to adjust, so no return across it is real. */
export function unadjustedSplits(bars: DailyBars, rules: ContractRules): readonly Finding[] {
  const findings: Finding[] = [];
  const returns = logReturns(bars.adjustedClose);
  const leastJump = Math.log(splitRatios[0]) - rules.splitTolerance;
  for (let row = 0; row < returns.length; row += 1) {
    const value = returns[row]!;
    if (Math.abs(value) < leastJump) continue;
    const ratio = splitRatios.find((ratio) => Math.abs(Math.abs(value) - Math.log(ratio)) <= rules.splitTolerance);
    if (ratio === undefined || hasTurmoil(bars, row + 1, rules)) continue;
    findings.push({
      rule: 'splitUnadjusted',
      symbol: bars.symbol,
      session: bars.sessions[row + 1]!,
      figures: { before: bars.adjustedClose[row]!, after: bars.adjustedClose[row + 1]!, ratio },
      action: 'quarantined',
    });
  }
  return findings;
}

/**
 * Whether a session itself moved about as only a crash or a bubble does. A split that was forgotten shows in a session
 * that is otherwise calm.
 */
function hasTurmoil({ high, low }: DailyBars, row: number, rules: ContractRules): boolean {
  return Math.log(high[row]! / low[row]!) > rules.calmRangeMax;
}

/** Runs of one unchanged close: a halted stock, or a source that repeats itself. */
export function staleRuns(bars: DailyBars, rules: ContractRules): readonly Finding[] {
  const findings: Finding[] = [];
  for (let row = 0; row < bars.close.length;) {
    let next = row + 1;
    while (next < bars.close.length && bars.close[next] === bars.close[row]) next += 1;
    if (next - row >= rules.staleSessionsMin) {
      findings.push({
        rule: 'staleRun',
        symbol: bars.symbol,
        session: bars.sessions[row]!,
        figures: { sessions: next - row, close: bars.close[row]! },
        action: 'kept',
      });
    }
    row = next;
  }
  return findings;
}

function logReturns(closes: Float64Array): Float64Array {
  const returns = new Float64Array(Math.max(0, closes.length - 1));
  for (let row = 0; row < returns.length; row += 1) returns[row] = Math.log(closes[row + 1]! / closes[row]!);
  return returns;
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
