import type { WeighedGate } from '#domain/promotion.ts';
import { escapeText } from '../charts/renderChart.ts';
import { gateTable, haltTable, riskTable } from '../verdictTables.ts';
import { section, textTable } from './page.ts';
import { drawKnown, leftOut, shown, type SheetPart } from './part.ts';
import type { TearSheet } from './sheet.ts';

/** A gate, criterion by criterion. */
export function gateSection(gate: WeighedGate): string {
  const note =
    gate.verdict === 'passed'
      ? 'Every criterion is met.'
      : `${gate.checks.filter(({ passed }) => !passed).length} of ${gate.checks.length} criteria are not met.`;
  return section(`Gate \u201c${escapeText(gate.name)}\u201d: ${gate.verdict}`, note, textTable(gateTable(gate)));
}

/** What limits and breaker did, and every halt to unfold. */
export function riskSection({ risk }: Pick<TearSheet, 'risk'>): SheetPart {
  const title = 'Limits and breaker';
  return drawKnown(title, risk, (records) => {
    if (Object.keys(records).length === 0) return leftOut(title, 'no account was held by any.');
    const halts = Object.entries(records).flatMap(([name, record]) => {
      const listed = haltTable(record);
      if (listed.rows.length === 0) return [];
      return [`<details><summary>Halts, ${escapeText(name)}</summary>${textTable(listed)}</details>`];
    });
    const note =
      'Orders were held against the limits that the session trades by, the account was weighed by its breaker.';
    return shown(section(title, note, textTable(riskTable(records)) + halts.join('')));
  });
}
