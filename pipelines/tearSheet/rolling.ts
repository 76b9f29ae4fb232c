import type { SessionDate } from '#domain/sessionDate.ts';
import { drawTimeChart, type TimeChart } from '../charts/timeChart.ts';
import { figureText } from '../figureText.ts';
import { rollingBeta } from '../metrics/rollingBeta.ts';
import { rollingSharpe, rollingSharpeSessions } from '../metrics/rollingSharpe.ts';
import { figure, section } from './page.ts';
import { drawKnown, leftOut, shown, type SheetPart } from './part.ts';
import { knownOf, type TearSheet } from './sheet.ts';

type Curves = Pick<TearSheet, 'sessions' | 'strategy' | 'benchmark'>;

/** Sharpe ratio of the last half year, the benchmark's beside it, where there is one. */
export function rollingSharpeSection({ sessions, strategy, benchmark }: Curves): SheetPart {
  const other = knownOf(benchmark);
  const lines = [
    { ink: 'strategy', values: rollingSharpe(Float64Array.from(strategy)), weight: 'main' } as const,
    ...(other
      ? [{ ink: 'benchmark', values: rollingSharpe(Float64Array.from(other)), weight: 'beside' } as const]
      : []),
  ];
  return rolling({ sessions, lines, mark: 0 }, ['Sharpe ratio of the last half year', 'sharpe', 'rolling']);
}

/** Beta to the benchmark over the last half year. */
export function rollingBetaSection({ sessions, strategy, benchmark }: Curves): SheetPart {
  const title = 'Beta of the last half year';
  return drawKnown(title, benchmark, (other) => {
    const values = rollingBeta(Float64Array.from(strategy), Float64Array.from(other));
    const lines = [{ ink: 'strategy', values, weight: 'main' } as const];
    return rolling({ sessions, lines, mark: 1 }, [title, 'beta', 'rolling-beta']);
  });
}

/** One line at least over the sessions that have a half year behind them. */
function rolling(
  { sessions, lines, mark }: Pick<TimeChart, 'lines'> & { readonly sessions: readonly SessionDate[]; mark: number },
  [title, unit, name]: readonly [title: string, unit: string, name: string],
): SheetPart {
  const from = rollingSharpeSessions - 1;
  // A line of one point is none.
  if (sessions.length <= rollingSharpeSessions) {
    return leftOut(title, `it needs more than ${rollingSharpeSessions} sessions; there are ${sessions.length}.`);
  }
  if (lines.every(({ values }) => values.every((value) => value === null))) {
    return leftOut(title, 'nothing varies, so it is undefined.');
  }
  const latest = lines[0]!.values.at(-1) ?? null;
  const chart: TimeChart = {
    name,
    description: `${title}; latest ${figureText(unit, latest)}`,
    sessions: sessions.slice(from),
    lines: lines.map((line) => ({ ...line, values: line.values.slice(from) })),
    label: (value) => String(value).replace('-', '−'),
    scale: 'linear',
    mark,
  };
  const beside = lines.length > 1 ? ', the benchmark beside it' : '';
  const note = `Over ${rollingSharpeSessions} sessions${beside}; latest ${figureText(unit, latest)}.`;
  return shown(
    section(
      title,
      note,
      figure((size) => drawTimeChart(chart, { ...size, height: size.height * 0.72 })),
    ),
  );
}
