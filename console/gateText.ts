import type { GateOutcome } from '#workflows/messages.ts';
import { tableText } from './answer.ts';
import { figureText } from './figureText.ts';

/** A gate as a table: each check, what its figure is and what it must be. */
export function gateText({ name, checks }: Pick<GateOutcome, 'name' | 'checks'>): string {
  const rows = checks.map(({ metric, comparison, threshold, actual, passed }) => [
    passed ? 'passed' : 'FAILED',
    metric,
    figureText(actual),
    `${comparison === 'atLeast' ? 'at least' : 'at most'} ${figureText(threshold)}`,
  ]);
  return tableText([`gate "${name}"`, 'figure', 'is', 'must be'], rows);
}
