import type { CheckedCriterion, WeighedGate } from '#domain/promotion.ts';
import type { RiskRecord } from './backtest/playStrategy.ts';
import { figureText } from './figureText.ts';
import { haltsOf } from './validationFigures.ts';

/** A table as people read it; every text may be of others and is escaped by whoever writes it. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A gate criterion by criterion: what must be, what is, the verdict and why it is asked. */
export function gateTable({ checks }: WeighedGate): TextTable {
  return {
    head: ['Criterion', 'Threshold', 'Value', 'Verdict', 'Reason'],
    rows: checks.map((check) => [
      check.metric,
      `${check.comparison === 'atLeast' ? 'at least' : 'at most'} ${figureText(check.metric, check.threshold)}`,
      valueText(check),
      check.passed ? 'pass' : 'fail',
      check.reason,
    ]),
  };
}

/** With as many digits as it takes to show on which side of the threshold the value lies. */
function valueText({ metric, actual, threshold, passed }: CheckedCriterion): string {
  const shown = figureText(metric, actual);
  const looksEqual = shown === figureText(metric, threshold);
  return looksEqual && !passed && actual !== null ? `${shown} (${actual})` : shown;
}

/** What limits and breaker did to an account, in figures. */
export function riskTable(records: Readonly<Record<string, RiskRecord>>): TextTable {
  const all = Object.values(records);
  const row = (name: string, textOf: (record: RiskRecord) => string): readonly string[] => [name, ...all.map(textOf)];
  return {
    head: ['', ...Object.keys(records)],
    rows: [
      row('Orders refused', ({ denied }) => countsText(denied)),
      row('Orders made smaller', ({ reduced }) => countsText(reduced)),
      row('Reductions', ({ changes }) => String(changes.filter(({ to }) => to === 'reducing').length)),
      row('Halts', (record) => String(haltsOf(record).length)),
      row('Sessions begun reducing', ({ reducingSessions }) => figureText('sessions', reducingSessions)),
      row('Sessions begun halted', ({ haltedSessions }) => figureText('sessions', haltedSessions)),
    ],
  };
}

/** Every halt with its date and rule. */
export function haltTable(record: RiskRecord): TextTable {
  return {
    head: ['Halted on', 'At the', 'Reason'],
    rows: haltsOf(record).map(({ session, at, reason }) => [session, at, reason]),
  };
}

function countsText(counts: RiskRecord['denied']): string {
  const codes = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  const total = codes.reduce((sum, [, count]) => sum + count, 0);
  return codes.length === 0 ? '0' : `${total} (${codes.map(([code, count]) => `${code} ${count}`).join(', ')})`;
}
