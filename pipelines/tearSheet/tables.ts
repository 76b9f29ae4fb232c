import type { SessionDate } from '#domain/sessionDate.ts';
import { escapeText } from '../charts/renderChart.ts';
import { figureLabel, figureOrder, figureText, percentText } from '../figureText.ts';
import { monthlyReturns } from '../metrics/monthlyReturns.ts';
import { section } from './page.ts';

type Columns = Readonly<Record<string, Readonly<Record<string, number | null>>>>;

const headlineFigures = ['annualReturn', 'sharpe', 'maximumDrawdown', 'annualVolatility', 'totalReturn'] as const;

/** The five figures that are asked for first, the benchmark's under them. */
export function headline({ metrics }: { readonly metrics: Columns }): string {
  const tiles = headlineFigures.map((name) => {
    const beside = metrics.benchmark ? `<span>benchmark ${figureText(name, metrics.benchmark[name])}</span>` : '';
    return (
      `<div><dt>${escapeText(figureLabel(name))}</dt>` +
      `<dd>${figureText(name, metrics.strategy?.[name])}${beside}</dd></div>`
    );
  });
  return `<dl class="headline">${tiles.join('')}</dl>`;
}

/** Every figure by column. */
export function metricsSection({ metrics }: { readonly metrics: Columns }): string {
  const names = Object.keys(metrics);
  const present = figureOrder.filter((figure) => names.some((name) => metrics[name]![figure] !== undefined));
  const head = names.map((name) => `<th scope="col">${escapeText(name)}</th>`).join('');
  const rows = present.map((figure) => {
    const cells = names.map((name) => `<td>${figureText(figure, metrics[name]![figure])}</td>`).join('');
    return `<tr><th scope="row">${escapeText(figureLabel(figure))}</th>${cells}</tr>`;
  });
  const note =
    'After costs, annualised over 252 sessions, risk-free rate zero; losses are positive, a dash is undefined.';
  return section(
    'Figures',
    note,
    `<div class="scroll"><table class="figures"><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
  );
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** A month that moved this much has the full colour. */
const fullColour = 0.1;

/** Returns by month and year, coloured by their size. */
export function monthlySection(curve: {
  readonly sessions: readonly SessionDate[];
  readonly strategy: readonly number[];
}): string {
  const years = monthlyReturns(curve.sessions, Float64Array.from(curve.strategy));
  const rows = years.map(
    ({ year, months, total }) =>
      `<tr><th scope="row">${year}</th>${months.map(monthCell).join('')}` +
      `<td class="total">${percentCell(total)}</td></tr>`,
  );
  const head = monthNames.map((name) => `<th scope="col">${name[0]}<i>${name.slice(1)}</i></th>`).join('');
  return section(
    'Returns by month',
    'Percent, compounded; the year at the right.',
    `<table class="months"><thead><tr><td></td>${head}<th scope="col">Year</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  );
}

function monthCell(change: number | null): string {
  if (change === null) return '<td></td>';
  const strength = Math.round(Math.min(1, Math.abs(change) / fullColour) * 60);
  const ink = change < 0 ? 'loss' : 'gain';
  const background = `color-mix(in srgb,var(--${ink}) ${strength}%,transparent)`;
  return `<td style="background:${background}" title="${percentText(change)}">${percentCell(change)}</td>`;
}

/** Percent without its sign: to a tenth, and whole for a narrow screen. */
function percentCell(change: number): string {
  const rounded = (digits: number): string => {
    const text = (change * 100).toFixed(digits);
    return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
  };
  return `<span class="tenths">${rounded(1)}</span><span class="whole">${rounded(0)}</span>`;
}
