import type { ContractReport } from './checkContract.ts';
import { ruleTexts } from './ruleTexts.ts';
import type { RuleSummary } from './summariseRules.ts';

/**
 * A check as one page that needs nothing beside it: the verdict, the rules that spoke with what they mean, every finding.
 * @param title what was checked
 */
export function reportPage(title: string, report: ContractReport, rules: readonly RuleSummary[]): string {
  const findings = report.findings.map(({ rule, symbol, session, action, method, figures }) => [
    rule,
    symbol,
    session ?? '',
    method === undefined ? action : `${action}: ${method}`,
    Object.entries(figures)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  ]);
  const spoken = rules.map(({ rule, findings: count, symbols }) => [
    rule,
    ruleTexts[rule].meaning,
    String(count),
    String(symbols),
  ]);
  const refusals = report.hardFailures.map(({ rule, message }) => `<li>${escaped(`${rule}: ${message}`)}</li>`);
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8">',
    `<title>${escaped(title)}</title>`,
    '<style>body{font:15px sans-serif;margin:2rem}table{border-collapse:collapse;margin:1rem 0}',
    'th,td{text-align:left;padding:.2rem .8rem;border-bottom:1px solid #ccc}</style>',
    `<h1>${escaped(title)}: ${report.verdict}</h1>`,
    refusals.length === 0 ? '' : `<ul>${refusals.join('')}</ul>`,
    `<p>${report.bars.length} symbols passed, ${report.quarantined.length} quarantined.</p>`,
    table(['rule', 'meaning', 'findings', 'symbols'], spoken),
    table(['rule', 'symbol', 'session', 'done', 'figures'], findings),
    '</html>\n',
  ].join('\n');
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${line(headings, 'th')}\n${rows.map((row) => line(row, 'td')).join('\n')}</table>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
