import type { SessionDate } from '#domain/sessionDate.ts';
import type { WeighedGate } from '#domain/promotion.ts';
import type { RiskRecord } from './backtest.ts';
import { escapeText } from './charts/renderChart.ts';
import { figureText } from './figureText.ts';
import { drawdowns } from './metrics/drawdown.ts';
import { growthOfOne } from './metrics/growth.ts';
import { rollingSharpe, rollingSharpeSessions } from './metrics/rollingSharpe.ts';
import { monthlyReturns } from './metrics/monthlyReturns.ts';
import { drawdownSection, growthSection, rollingSharpeSection } from './tearSheet/curves.ts';
import { fanSection } from './tearSheet/fan.ts';
import { page } from './tearSheet/page.ts';
import { headline, metricsSection, monthlySection } from './tearSheet/tables.ts';
import { gateSection, riskSection } from './tearSheet/verdict.ts';
import { windowsSection } from './tearSheet/windows.ts';
import { windowStatistics } from './walkForward.ts';

/** Everything a tear sheet shows; plain JSON. Returns are daily, simple, fractions, of `sessions`. */
export interface TearSheet {
  readonly title: string;
  readonly subtitle: string;
  /** Ascending, at least one. */
  readonly sessions: readonly SessionDate[];
  readonly strategy: readonly number[];
  readonly benchmark: readonly number[];
  /** By name; three at most are drawn. */
  readonly baselines: Readonly<Record<string, readonly number[]>>;
  /** Figures by column: `strategy` first, then `benchmark` and the baselines. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  readonly windows: readonly SheetWindow[];
  readonly monteCarlo: SheetSimulation;
  /** Gates as the figures meet them, the one that decides first. */
  readonly gates: readonly WeighedGate[];
  /** What limits and breaker did to the strategy's account, by what was judged, e.g. `procedure`. */
  readonly risk: Readonly<Record<string, RiskRecord>>;
  /** What the figures do not say, in sentences. */
  readonly caveats?: readonly string[];
}

/** One test window of the walk-forward. */
export interface SheetWindow {
  readonly index: number;
  readonly testFrom: string;
  readonly testTo: string;
  readonly sharpe: number | null;
  readonly totalReturn: number;
}

/** What the bootstrap found. */
export interface SheetSimulation {
  /** Growth of one dollar by percentile, evenly spaced from the first session to the last; ascending percentiles. */
  readonly fan: readonly { readonly percentile: number; readonly values: readonly number[] }[];
  readonly summary: Readonly<Record<string, number | null>>;
}

/**
 * The sheet as one HTML page that loads nothing: pictures are inline SVG, for wide and for narrow screens, in the
 * colours of a light or dark one.
 * @throws RangeError when curves are not of the same sessions, or there are none
 */
export function tearSheetHtml(sheet: TearSheet): string {
  checkSheet(sheet);
  const { title, subtitle, sessions, caveats = [] } = sheet;
  const span = `${sessions[0]} to ${sessions.at(-1)}, ${figureText('sessions', sessions.length)} sessions`;
  const closing = caveats.length
    ? `<section><h2>What these figures do not say</h2><ul>${caveats.map((text) => `<li>${escapeText(text)}</li>`).join('')}</ul></section>`
    : '';
  return page(
    { title },
    [
      `<header><h1>${escapeText(title)}</h1><p>${escapeText(subtitle)}</p><p>${escapeText(span)}</p></header>`,
      headline(sheet),
      ...sheet.gates.map(gateSection),
      growthSection(sheet),
      drawdownSection(sheet),
      monthlySection(sheet),
      rollingSharpeSection(sheet),
      metricsSection(sheet),
      riskSection(sheet.risk),
      windowsSection(sheet.windows),
      fanSection(sheet),
      closing,
    ].join('\n'),
  );
}

/**
 * The sheet as JSON, with everything the page derives: growth, drawdowns, months, rolling Sharpe, window statistics.
 * @throws RangeError when curves are not of the same sessions, or there are none
 */
export function tearSheetJson(sheet: TearSheet): string {
  checkSheet(sheet);
  const returns = Float64Array.from(sheet.strategy);
  const derived = {
    growth: Array.from(growthOfOne(returns)),
    drawdown: Array.from(drawdowns(returns)),
    monthly: monthlyReturns(sheet.sessions, returns),
    rollingSharpe: { sessions: rollingSharpeSessions, values: rollingSharpe(returns) },
    windowStatistics: windowStatistics(sheet.windows.map(({ sharpe }) => sharpe)),
  };
  return JSON.stringify({ ...sheet, ...derived });
}

function checkSheet({ sessions, strategy, benchmark, baselines }: TearSheet): void {
  const curves = { strategy, benchmark, ...baselines };
  for (const [name, returns] of Object.entries(curves)) {
    if (returns.length !== sessions.length || sessions.length === 0 || !returns.every(Number.isFinite)) {
      throw new RangeError(`${name}: ${returns.length} returns, not one finite return for each of ${sessions.length}`);
    }
  }
}
