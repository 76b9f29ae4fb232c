import { sessionsPerYear } from '#domain/sessionsPerYear.ts';
import { inks } from '../charts/palette.ts';
import { axisStyle, escapeText, plotGrid, renderChart, type ChartSize } from '../charts/renderChart.ts';
import { figureLabel, figureText } from '../figureText.ts';
import { growthOfOne } from '../metrics/growth.ts';
import { figure, section } from './page.ts';
import { drawKnown, leftOut, shown, type SheetPart } from './part.ts';
import type { SheetSimulation, TearSheet } from './sheet.ts';

/** What the same days in other orders could have become: percentiles of growth, the curve that happened over them. */
export function fanSection({
  sessions,
  strategy,
  monteCarlo,
}: Pick<TearSheet, 'sessions' | 'strategy' | 'monteCarlo'>): SheetPart {
  const title = 'What else could have become of it';
  return drawKnown(title, monteCarlo, ({ method, fan, summary }) => {
    const points = fan[0]?.values.length ?? 0;
    if (points < 2) return leftOut(title, 'nothing was simulated.');
    const growth = growthOfOne(Float64Array.from(strategy));
    // Point 0 is the start, before the first session.
    const sessionAt = (point: number): number => Math.round((point * sessions.length) / (points - 1));
    const happened = Array.from({ length: points }, (_, point) => (point === 0 ? 1 : growth[sessionAt(point) - 1]!));
    const items = Object.entries(summary).map(
      ([name, value]) => `<div><dt>${escapeText(figureLabel(name))}</dt><dd>${figureText(name, value)}</dd></div>`,
    );
    const lines = { sessionAt, happened, fan };
    const note = `${method} The middle path, the middle half and nine tenths of all paths, and the one that happened.`;
    return shown(
      section(title, note, `${figure((size) => drawFan(lines, size))}<dl class="summary">${items.join('')}</dl>`),
    );
  });
}

interface FanLines {
  readonly sessionAt: (point: number) => number;
  readonly happened: readonly number[];
  readonly fan: SheetSimulation['fan'];
}

function drawFan({ sessionAt, happened, fan }: FanLines, size: ChartSize): string {
  const place = (values: readonly number[]): readonly (readonly [number, number])[] =>
    values.map((value, point) => [sessionAt(point), value]);
  const still = { type: 'line', silent: true, showSymbol: false, emphasis: { disabled: true } };
  const half = Math.floor(fan.length / 2);
  // A band is an unseen line with the width of the band stacked on it.
  const bands = Array.from({ length: half }, (_, depth) => {
    const [low, high] = [fan[depth]!.values, fan[fan.length - 1 - depth]!.values];
    const part = { ...still, stack: `band${depth}`, lineStyle: { opacity: 0 } };
    const width = high.map((value, point) => value - low[point]!);
    return [
      { ...part, data: place(low) },
      { ...part, data: place(width), areaStyle: { color: inks.strategy, opacity: 0.13 } },
    ];
  }).flat();
  const middle = fan[half]!;
  return renderChart(
    {
      name: `fan-${size.width}`,
      description:
        `growth of one dollar over simulated paths: ` +
        fan.map(({ percentile, values }) => `percentile ${percentile * 100} ${values.at(-1)!.toFixed(2)}`).join(', '),
      size,
    },
    {
      grid: plotGrid,
      xAxis: {
        type: 'value',
        max: sessionAt(happened.length - 1),
        splitLine: { show: false },
        axisLine: axisStyle.axisLine,
        axisTick: axisStyle.axisTick,
        ...yearTicks(sessionAt(happened.length - 1), size),
      },
      yAxis: {
        type: 'value',
        scale: true,
        splitNumber: 4,
        ...axisStyle,
        axisLabel: { ...axisStyle.axisLabel, formatter: (value: number) => `$${value}` },
      },
      series: [
        ...bands,
        {
          ...still,
          data: place(middle.values),
          lineStyle: { color: inks.strategy, width: 1.25, type: [4, 4] },
        },
        { ...still, data: place(happened), lineStyle: { color: inks.text, width: 1.5 } },
      ],
    },
  );
}

/** Labels in whole years where there are any, else in sessions. */
function yearTicks(sessions: number, size: ChartSize): object {
  const years = Math.floor(sessions / sessionsPerYear);
  if (years < 2) return { axisLabel: { ...axisStyle.axisLabel, showMaxLabel: false } };
  const every = Math.ceil(years / (size.width < 500 ? 4 : 10));
  const text = (value: number): string => (value === 0 ? 'start' : `${value / sessionsPerYear} y`);
  return {
    interval: every * sessionsPerYear,
    axisLabel: { ...axisStyle.axisLabel, showMaxLabel: sessions % (every * sessionsPerYear) === 0, formatter: text },
  };
}
