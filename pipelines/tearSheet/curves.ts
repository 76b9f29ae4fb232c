import type { SessionDate } from '#domain/sessionDate.ts';
import type { Ink } from '../charts/palette.ts';
import { drawTimeChart } from '../charts/timeChart.ts';
import { figureText, percentText } from '../figureText.ts';
import { drawdowns, maximumDrawdown } from '../metrics/drawdown.ts';
import { growthOfOne } from '../metrics/growth.ts';
import { rollingSharpe, rollingSharpeSessions } from '../metrics/rollingSharpe.ts';
import { figure, key, section } from './page.ts';

/** Curves of a sheet, by who they belong to. */
interface Curves {
  readonly sessions: readonly SessionDate[];
  readonly strategy: readonly number[];
  readonly benchmark: readonly number[];
  readonly baselines: Readonly<Record<string, readonly number[]>>;
}

interface NamedCurve {
  readonly name: string;
  readonly ink: Ink;
  readonly returns: Float64Array;
}

/** Over this ratio of the highest to the lowest value a plain axis hides the early years. */
const logarithmicFrom = 4;

/** Growth of one dollar: the strategy, the benchmark and the baselines. */
export function growthSection(curves: Curves): string {
  const named = namedCurves(curves);
  const growths = named.map(({ returns }) => Array.from(growthOfOne(returns)));
  const all = growths.flat();
  const [lowest, highest] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
  const scale = lowest > 0 && highest / lowest > logarithmicFrom ? 'logarithmic' : 'linear';
  const chart = {
    name: 'growth',
    description: `growth of one dollar: ${named.map(({ name }, line) => `${name} ${growths[line]!.at(-1)!.toFixed(2)}`).join(', ')}`,
    sessions: curves.sessions,
    lines: named.map(({ ink }, line) => ({
      ink,
      values: growths[line]!,
      weight: line === 0 ? ('main' as const) : ('beside' as const),
    })),
    label: (value: number) => `$${Number(value.toFixed(2))}`,
    scale,
    mark: 1,
  } as const;
  const legend = key(
    named.map(({ name, ink }, line) => ({ name, ink, text: `$${growths[line]!.at(-1)!.toFixed(2)}` })),
  );
  const note = scale === 'logarithmic' ? 'Equal heights are equal rates of growth.' : '';
  return section('Growth of one dollar', note, legend + figure((size) => drawTimeChart(chart, size)));
}

/** How far below its highest value the strategy was, the benchmark beside it. */
export function drawdownSection({ sessions, strategy, benchmark }: Curves): string {
  const [own, other] = [Float64Array.from(strategy), Float64Array.from(benchmark)];
  const { fraction, peakIndex, troughIndex, recoveryIndex } = maximumDrawdown(own)!;
  const at = (index: number): string => (index < 0 ? 'the start' : sessions[index]!);
  const end = recoveryIndex === null ? 'not recovered since' : `recovered on ${sessions[recoveryIndex]}`;
  const note =
    fraction === 0
      ? 'The curve never fell below its highest value.'
      : `Deepest ${percentText(fraction)}: from ${at(peakIndex)} to ${at(troughIndex)}, ${end}.`;
  const below = (returns: Float64Array): number[] => Array.from(drawdowns(returns), (value) => -value);
  const chart = {
    name: 'drawdown',
    description: `drawdown of the strategy and the benchmark. ${note}`,
    sessions,
    lines: [
      { ink: 'strategy', values: below(own), weight: 'area' },
      { ink: 'benchmark', values: below(other), weight: 'beside' },
    ],
    label: (value: number) => `${Number((value * 100).toFixed(1))} %`.replace('-', '−'),
    scale: 'linear',
  } as const;
  return section(
    'Drawdown',
    note,
    figure((size) => drawTimeChart(chart, { ...size, height: size.height * 0.72 })),
  );
}

/** Sharpe ratio of the last half year, where there is one. */
export function rollingSharpeSection({ sessions, strategy, benchmark }: Curves): string {
  const title = 'Sharpe ratio of the last half year';
  if (sessions.length < rollingSharpeSessions) {
    return section(title, `Needs ${rollingSharpeSessions} sessions; there are ${sessions.length}.`, '');
  }
  const rolling = rollingSharpe(Float64Array.from(strategy));
  const latest = rolling.at(-1) ?? null;
  const first = rollingSharpeSessions - 1;
  const chart = {
    name: 'rolling',
    description: `Sharpe ratio over the last ${rollingSharpeSessions} sessions; latest ${figureText('sharpe', latest)}`,
    sessions: sessions.slice(first),
    lines: [
      { ink: 'strategy', values: rolling.slice(first), weight: 'main' },
      { ink: 'benchmark', values: rollingSharpe(Float64Array.from(benchmark)).slice(first), weight: 'beside' },
    ],
    label: (value: number) => String(value).replace('-', '−'),
    scale: 'linear',
    mark: 0,
  } as const;
  const note = `Over ${rollingSharpeSessions} sessions, the benchmark beside it.`;
  return section(
    title,
    note,
    figure((size) => drawTimeChart(chart, { ...size, height: size.height * 0.72 })),
  );
}

function namedCurves({ strategy, benchmark, baselines }: Curves): readonly NamedCurve[] {
  const beside: readonly Ink[] = ['first', 'second', 'third'];
  return [
    { name: 'strategy', ink: 'strategy', returns: Float64Array.from(strategy) },
    { name: 'benchmark', ink: 'benchmark', returns: Float64Array.from(benchmark) },
    ...Object.entries(baselines)
      .slice(0, beside.length)
      .map(([name, returns], index) => ({ name, ink: beside[index]!, returns: Float64Array.from(returns) })),
  ];
}
