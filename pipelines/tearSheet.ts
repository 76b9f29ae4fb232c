import { escapeText } from './charts/renderChart.ts';
import { figureText } from './figureText.ts';
import { drawdowns } from './metrics/drawdown.ts';
import { growthOfOne } from './metrics/growth.ts';
import { rollingBeta } from './metrics/rollingBeta.ts';
import { rollingSharpe, rollingSharpeSessions } from './metrics/rollingSharpe.ts';
import { monthlyReturns } from './metrics/monthlyReturns.ts';
import { curveStress } from './stress/curveStress.ts';
import { exposureSection, turnoverSection } from './tearSheet/activity.ts';
import { costsSection } from './tearSheet/costs.ts';
import { crisesSection, crisisFigures } from './tearSheet/crises.ts';
import { drawdownSection, growthSection } from './tearSheet/curves.ts';
import { fanSection } from './tearSheet/fan.ts';
import { page } from './tearSheet/page.ts';
import { leftOutOf, leftOutSection, shown, type SheetPart } from './tearSheet/part.ts';
import { rollingBetaSection, rollingSharpeSection } from './tearSheet/rolling.ts';
import { knownOf, type TearSheet } from './tearSheet/sheet.ts';
import { headline, metricsSection, monthlySection } from './tearSheet/tables.ts';
import { stressSection } from './tearSheet/stress.ts';
import { tradesSection } from './tearSheet/trades.ts';
import { gateSection, riskSection } from './tearSheet/verdict.ts';
import { windowsSection } from './tearSheet/windows.ts';
import { windowStatistics } from './walkForward.ts';

/**
 * The sheet as one HTML page that loads nothing: pictures are inline SVG, for wide and for narrow screens, in the
 * colours of a light or dark one. What is not known is listed with its reason.
 * @param parts those of the sheet
 */
export function tearSheetHtml(sheet: TearSheet, parts: readonly SheetPart[]): string {
  const { title, subtitle, sessions, caveats = [] } = sheet;
  const count = sessions.length === 1 ? 'one session' : `${figureText('sessions', sessions.length)} sessions`;
  const span = `${sessions[0]} to ${sessions.at(-1)}, ${count}`;
  const closing = caveats.length
    ? `<section><h2>What these figures do not say</h2><ul>${caveats.map((text) => `<li>${escapeText(text)}</li>`).join('')}</ul></section>`
    : '';
  return page(
    { title },
    [
      `<header><h1>${escapeText(title)}</h1><p>${escapeText(subtitle)}</p><p>${escapeText(span)}</p></header>`,
      headline(sheet),
      ...parts.flatMap((part) => (part.kind === 'shown' ? [part.html] : [])),
      closing,
      leftOutSection(parts),
    ].join('\n'),
  );
}

/**
 * The sheet as JSON, with everything the page derives: growth, drawdowns, months, rolling Sharpe ratio and beta, stress, crises,
 * window statistics, and what the page leaves out and why.
 * @param parts those of the sheet
 */
export function tearSheetJson(sheet: TearSheet, parts: readonly SheetPart[]): string {
  const returns = Float64Array.from(sheet.strategy);
  const benchmark = knownOf(sheet.benchmark);
  const windows = knownOf(sheet.windows);
  const derived = {
    growth: Array.from(growthOfOne(returns)),
    drawdown: Array.from(drawdowns(returns)),
    monthly: monthlyReturns(sheet.sessions, returns),
    rollingSharpe: { sessions: rollingSharpeSessions, values: rollingSharpe(returns) },
    ...(benchmark && {
      rollingBeta: { sessions: rollingSharpeSessions, values: rollingBeta(returns, Float64Array.from(benchmark)) },
    }),
    stress: curveStress(sheet),
    crises: crisisFigures(sheet),
    ...(windows && { windowStatistics: windowStatistics(windows) }),
    leftOut: leftOutOf(parts),
  };
  return JSON.stringify({ ...sheet, ...derived });
}

/**
 * Every part of a sheet in the order of the page, drawn or left out with its reason.
 * @throws RangeError when curves are not of the same sessions, or there are none
 */
export function tearSheetParts(sheet: TearSheet): readonly SheetPart[] {
  checkSheet(sheet);
  return [
    ...sheet.gates.map((gate) => shown(gateSection(gate))),
    growthSection(sheet),
    drawdownSection(sheet),
    shown(monthlySection(sheet)),
    rollingSharpeSection(sheet),
    rollingBetaSection(sheet),
    shown(metricsSection(sheet)),
    exposureSection(sheet),
    turnoverSection(sheet),
    costsSection(sheet),
    riskSection(sheet),
    windowsSection(sheet),
    fanSection(sheet),
    stressSection(sheet),
    crisesSection(sheet),
    tradesSection(sheet),
  ];
}

function checkSheet(sheet: TearSheet): void {
  const { sessions, strategy, baselines } = sheet;
  const known = Object.entries({
    benchmark: knownOf(sheet.benchmark),
    exposure: knownOf(sheet.exposure),
    turnover: knownOf(sheet.turnover),
  });
  const curves = [...Object.entries({ strategy, ...baselines }), ...known];
  for (const [name, values] of curves) {
    if (values === undefined) continue;
    if (values.length !== sessions.length || sessions.length === 0 || !values.every(Number.isFinite)) {
      throw new RangeError(`${name}: ${values.length} figures, not one finite figure for each of ${sessions.length}`);
    }
  }
}
