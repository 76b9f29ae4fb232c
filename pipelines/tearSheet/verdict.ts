import type { WeighedGate } from '#domain/promotion.ts';
import type { RiskRecord } from '../backtest.ts';
import { escapeText } from '../charts/renderChart.ts';
import { gateTable, haltTable, riskTable, type TextTable } from '../verdictTables.ts';
import { section } from './page.ts';

/** A gate, criterion by criterion. */
export function gateSection(gate: WeighedGate): string {
  const note =
    gate.verdict === 'passed'
      ? 'Every criterion is met.'
      : `${gate.checks.filter(({ passed }) => !passed).length} of ${gate.checks.length} criteria are not met.`;
  return section(`Gate \u201c${escapeText(gate.name)}\u201d: ${gate.verdict}`, note, table(gateTable(gate)));
}

/** What limits and breaker did, and every halt to unfold. */
export function riskSection(records: Readonly<Record<string, RiskRecord>>): string {
  const halts = Object.entries(records).flatMap(([name, record]) => {
    const listed = haltTable(record);
    if (listed.rows.length === 0) return [];
    return [`<details><summary>Halts, ${escapeText(name)}</summary>${table(listed)}</details>`];
  });
  const note =
    'Orders were held against the limits that the session trades by, the account was weighed by its breaker.';
  return section('Limits and breaker', note, table(riskTable(records)) + halts.join(''));
}

function table({ head, rows }: TextTable): string {
  const headCells = head.map((text) => `<th scope="col">${escapeText(text)}</th>`).join('');
  const body = rows.map(([name, ...cells]) => {
    const rest = cells.map((text) => `<td>${escapeText(text)}</td>`).join('');
    return `<tr><th scope="row">${escapeText(name ?? '')}</th>${rest}</tr>`;
  });
  return `<div class="scroll"><table class="verdict"><thead><tr>${headCells}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
