import { drawTimeChart, type TimeChart } from '../charts/timeChart.ts';
import { chartSizes, escapeText } from '../charts/renderChart.ts';
import { percentText } from '../figureText.ts';
import { growthOfOne, totalReturn } from '../metrics/growth.ts';
import { maximumDrawdown } from '../metrics/drawdown.ts';
import { coveredCrises, marketCrises, type CoveredCrisis } from '../stress/coveredCrises.ts';
import { section, textTable } from './page.ts';
import { leftOut, shown, type SheetPart } from './part.ts';
import { knownOf, type TearSheet } from './sheet.ts';

type Curves = Pick<TearSheet, 'sessions' | 'strategy' | 'benchmark'>;

/** What a curve and its benchmark did in a crisis; plain JSON. */
export interface CrisisFigures {
  readonly name: string;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly sessions: number;
  readonly strategyReturn: number;
  readonly strategyDrawdown: number;
  /** Null without a benchmark. */
  readonly benchmarkReturn: number | null;
  /** What the S&P 500 did, as the title says. */
  readonly indexReturn: number;
}

/** Sessions drawn on either side of a crisis. */
const contextSessions = 10;

/** Every named crisis that the curve lived through. */
export function crisisFigures({ sessions, strategy, benchmark }: Curves): readonly CrisisFigures[] {
  const other = knownOf(benchmark);
  return coveredCrises(sessions).map(({ crisis, fromRow, endRow }) => {
    const own = Float64Array.from(strategy.slice(fromRow, endRow));
    return {
      name: crisis.name,
      title: crisis.title,
      from: sessions[fromRow]!,
      to: sessions[endRow - 1]!,
      sessions: own.length,
      strategyReturn: totalReturn(own)!,
      strategyDrawdown: maximumDrawdown(own)!.fraction,
      benchmarkReturn: other ? totalReturn(Float64Array.from(other.slice(fromRow, endRow))) : null,
      indexReturn: crisis.indexReturn,
    };
  });
}

/** The crises that the data cover, each with its picture. */
export function crisesSection(curves: Curves): SheetPart {
  const title = 'Crises it lived through';
  const covered = coveredCrises(curves.sessions);
  const names = marketCrises.map(({ title, days }) => `${title} (${days.to.slice(0, 4)})`).join('; ');
  if (covered.length === 0) return leftOut(title, `the sessions cover none of these whole: ${names}.`);
  const figures = crisisFigures(curves);
  const head = ['Crisis', 'From', 'to', 'Strategy', 'Drawdown', 'Benchmark', 'S&P 500'];
  const rows = figures.map((crisis) => [
    crisis.title,
    crisis.from,
    crisis.to,
    percentText(crisis.strategyReturn),
    percentText(crisis.strategyDrawdown),
    crisis.benchmarkReturn === null ? '–' : percentText(crisis.benchmarkReturn),
    percentText(crisis.indexReturn),
  ]);
  const pictures = covered.map(
    (crisis) => `<div><h3>${escapeText(crisis.crisis.title)}</h3>${draw(curves, crisis)}</div>`,
  );
  const note =
    'Named falls of the S&P 500, and what the curve did in the same sessions; pictures begin at one dollar, ' +
    `${contextSessions} sessions before.`;
  return shown(
    section(title, note, `${textTable({ head, rows }, 'figures')}<div class="crises">${pictures.join('')}</div>`),
  );
}

function draw({ sessions, strategy, benchmark }: Curves, { crisis, fromRow, endRow }: CoveredCrisis): string {
  const [from, end] = [Math.max(0, fromRow - contextSessions), Math.min(sessions.length, endRow + contextSessions)];
  const growth = (returns: readonly number[]): readonly number[] =>
    Array.from(growthOfOne(Float64Array.from(returns.slice(from, end))));
  const other = knownOf(benchmark);
  const chart: TimeChart = {
    name: crisis.name,
    description: `growth of one dollar around: ${crisis.title}`,
    sessions: sessions.slice(from, end),
    lines: [
      { ink: 'strategy', values: growth(strategy), weight: 'main' },
      ...(other ? [{ ink: 'benchmark', values: growth(other), weight: 'beside' } as const] : []),
    ],
    label: (value) => `$${Number(value.toFixed(2))}`,
    scale: 'linear',
    mark: 1,
  };
  const half = { width: 440, height: 200 };
  const narrow = { ...chartSizes.narrow, height: 200 };
  return `<div class="wide">${drawTimeChart(chart, half)}</div><div class="narrow">${drawTimeChart(chart, narrow)}</div>`;
}
