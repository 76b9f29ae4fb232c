import type { Ink } from '../charts/palette.ts';
import { drawTimeChart } from '../charts/timeChart.ts';
import { axisPercentText, percentText } from '../figureText.ts';
import { drawdowns, maximumDrawdown } from '../metrics/drawdown.ts';
import { growthOfOne } from '../metrics/growth.ts';
import { figure, key, section } from './page.ts';
import { leftOut, shown, type SheetPart } from './part.ts';
import { knownOf, type TearSheet } from './sheet.ts';

/** Curves of a sheet, by who they belong to. */
type Curves = Pick<TearSheet, 'sessions' | 'strategy' | 'benchmark' | 'baselines'>;

interface NamedCurve {
  readonly name: string;
  readonly ink: Ink;
  readonly returns: Float64Array;
}

/** Over this ratio of the highest to the lowest value a plain axis hides the early years. */
const logarithmicFrom = 4;

/** Growth of one dollar: the strategy, the benchmark and the baselines. */
export function growthSection(curves: Curves): SheetPart {
  const title = 'Growth of one dollar';
  if (curves.sessions.length < 2) return leftOut(title, 'one session is no curve.');
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
  return shown(section(title, note, legend + figure((size) => drawTimeChart(chart, size))));
}

/** How far below its highest value the strategy was, the benchmark beside it. */
export function drawdownSection(curves: Curves): SheetPart {
  const { sessions } = curves;
  const [own, other] = [Float64Array.from(curves.strategy), knownOf(curves.benchmark)];
  const { fraction, peakIndex, troughIndex, recoveryIndex } = maximumDrawdown(own)!;
  const title = 'Drawdown';
  if (fraction === 0) return leftOut(title, 'the curve never fell below its highest value.');
  if (sessions.length < 2) return leftOut(title, 'one session is no curve.');
  const at = (index: number): string => (index < 0 ? 'the start' : sessions[index]!);
  const end = recoveryIndex === null ? 'not recovered since' : `recovered on ${sessions[recoveryIndex]}`;
  const note = `Deepest ${percentText(fraction)}: from ${at(peakIndex)} to ${at(troughIndex)}, ${end}.`;
  const below = (returns: Float64Array): number[] => Array.from(drawdowns(returns), (value) => -value);
  const chart = {
    name: 'drawdown',
    description: `drawdown of the strategy${other ? ' and the benchmark' : ''}. ${note}`,
    sessions,
    lines: [
      { ink: 'strategy', values: below(own), weight: 'area' } as const,
      ...(other ? [{ ink: 'benchmark', values: below(Float64Array.from(other)), weight: 'beside' } as const] : []),
    ],
    label: axisPercentText,
    scale: 'linear',
  } as const;
  return shown(
    section(
      title,
      note,
      figure((size) => drawTimeChart(chart, { ...size, height: size.height * 0.72 })),
    ),
  );
}

function namedCurves({ strategy, benchmark, baselines }: Curves): readonly NamedCurve[] {
  const beside: readonly Ink[] = ['first', 'second', 'third'];
  const other = knownOf(benchmark);
  return [
    { name: 'strategy', ink: 'strategy', returns: Float64Array.from(strategy) },
    ...(other ? [{ name: 'benchmark', ink: 'benchmark', returns: Float64Array.from(other) } as const] : []),
    ...Object.entries(baselines)
      .slice(0, beside.length)
      .map(([name, returns], index) => ({ name, ink: beside[index]!, returns: Float64Array.from(returns) })),
  ];
}
