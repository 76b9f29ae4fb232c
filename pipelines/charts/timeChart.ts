import type { SessionDate } from '#domain/sessionDate.ts';
import { inks, type Ink } from './palette.ts';
import { axisStyle, plotGrid, renderChart, type ChartSize } from './renderChart.ts';

/** A line over sessions. */
interface TimeLine {
  readonly ink: Ink;
  /** Shape [sessions]; null leaves a gap. */
  readonly values: readonly (number | null)[];
  /** A main line is drawn stronger, an area is filled to zero. */
  readonly weight: 'main' | 'beside' | 'area';
}

/** Lines over sessions, with how their axis reads. */
export interface TimeChart {
  /** Prefix of ids, unique in a page. */
  readonly name: string;
  /** For those who cannot see it. */
  readonly description: string;
  readonly sessions: readonly SessionDate[];
  readonly lines: readonly TimeLine[];
  /** Text of an axis label. */
  readonly label: (value: number) => string;
  readonly scale: 'linear' | 'logarithmic';
  /** A value to mark with a quiet line, e.g. zero. */
  readonly mark?: number;
}

/** Draws lines over time: years along the bottom, hairlines behind, no box. */
export function drawTimeChart({ name, description, sessions, lines, label, scale, mark }: TimeChart, size: ChartSize) {
  const atMs = sessions.map((session) => Date.parse(`${session}T00:00:00Z`));
  const series = lines.map((line, index) => ({
    type: 'line',
    silent: true,
    showSymbol: false,
    emphasis: { disabled: true },
    sampling: 'lttb',
    data: line.values.map((value, row) => [atMs[row]!, value]),
    lineStyle: { color: inks[line.ink], width: widths[line.weight], cap: 'round', join: 'round' },
    ...(line.weight === 'area' && { areaStyle: { color: inks[line.ink], opacity: 0.16 } }),
    ...(index === 0 && mark !== undefined && { markLine: markAt(mark) }),
  }));
  // Such an axis ends at the lines' own extremes, which are no round numbers.
  const ends = scale === 'logarithmic';
  return renderChart(
    { name: `${name}-${size.width}`, description, size },
    {
      grid: plotGrid,
      xAxis: {
        type: 'time',
        ...axisStyle,
        splitLine: { show: false },
        splitNumber: size.width < 500 ? 4 : 8,
        min: atMs[0],
        max: atMs.at(-1),
      },
      yAxis: {
        type: scale === 'logarithmic' ? 'log' : 'value',
        // Powers of two as labels; the axis itself ends where the lines do.
        ...(scale === 'logarithmic' && { logBase: 2, ...extent(lines) }),
        scale: true,
        splitNumber: 4,
        ...axisStyle,
        splitLine: { ...axisStyle.splitLine, showMinLine: !ends, showMaxLine: !ends },
        axisLabel: {
          ...axisStyle.axisLabel,
          formatter: label,
          ...(ends && { showMinLabel: false, showMaxLabel: false }),
        },
      },
      // The main line is drawn last, over the others.
      series: series.toReversed(),
    },
  );
}

function extent(lines: readonly TimeLine[]): { readonly min: number; readonly max: number } {
  const values = lines.flatMap((line) => line.values).filter((value) => value !== null);
  return {
    min: values.reduce((a, b) => Math.min(a, b)) * 0.92,
    max: values.reduce((a, b) => Math.max(a, b)) * 1.05,
  };
}

const widths = { main: 2, beside: 1.25, area: 1 } as const;

function markAt(value: number): object {
  return {
    silent: true,
    symbol: 'none',
    label: { show: false },
    lineStyle: { color: inks.muted, type: 'solid', width: 1, opacity: 0.6 },
    data: [{ yAxis: value }],
  };
}
