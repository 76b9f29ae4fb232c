import { inks, paletteStyle, type Ink } from './palette.ts';
import { axisStyle, renderChart } from './renderChart.ts';

/** A curve of a training; points in order. */
interface TrainingCurve {
  readonly label: string;
  readonly ink: Extract<Ink, 'strategy' | 'benchmark'>;
  readonly points: readonly (readonly [number, number])[];
  /** A point to mark with a line from top to bottom. */
  readonly mark?: { readonly at: number; readonly text: string };
}

/** Curves over one measure of how far a training is. */
export interface CurveChart {
  readonly title: string;
  /** For those who cannot see it. */
  readonly description: string;
  /** What is counted along the bottom. */
  readonly axis: string;
  readonly curves: readonly TrainingCurve[];
}

const size = { width: 720, height: 400 };

/** Curves as a picture of its own, readable on light and dark screens. @returns an SVG document */
export function drawCurves({ title, description, axis, curves }: CurveChart): string {
  const places = curves.flatMap(({ points }) => points.map(([place]) => place));
  const svg = renderChart(
    { name: 'learning', description, size },
    {
      grid: { left: 56, right: 28, top: 64, bottom: 44 },
      xAxis: {
        type: 'value',
        min: places.length > 0 ? places.reduce((a, b) => Math.min(a, b)) : 0,
        max: places.length > 0 ? places.reduce((a, b) => Math.max(a, b)) : 1,
        minInterval: 1,
        name: axis,
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle: { color: inks.muted, fontSize: 12 },
        ...axisStyle,
        splitLine: { show: false },
      },
      yAxis: { type: 'value', scale: true, ...axisStyle },
      series: curves.map(seriesOf),
    },
  );
  const legend = curves.map(
    ({ label, ink }, index) => `<tspan dx="${index === 0 ? 18 : 12}" fill="var(--${ink})">${label}</tspan>`,
  );
  const head =
    `<style>${paletteStyle(':root')}text{font-family:system-ui,sans-serif}</style>` +
    `<rect width="${size.width}" height="${size.height}" fill="var(--paper)"></rect>` +
    `<text x="16" y="30" font-size="15" font-weight="600" fill="var(--text)">${title}${legend.join('')}</text>`;
  return svg.replace('<svg ', `<svg width="${size.width}" height="${size.height}" `).replace('>', `>${head}`);
}

function seriesOf({ points, ink, mark }: TrainingCurve): object {
  return {
    type: 'line',
    silent: true,
    showSymbol: points.length < 30,
    symbol: 'circle',
    symbolSize: 4,
    emphasis: { disabled: true },
    data: points,
    itemStyle: { color: inks[ink] },
    lineStyle: { color: inks[ink], width: 2 },
    ...(mark && { markLine: markLine(mark) }),
  };
}

function markLine({ at, text }: { readonly at: number; readonly text: string }): object {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: inks.muted, type: [3, 4], width: 1 },
    label: { formatter: text, color: inks.muted, fontSize: 12, position: 'end' },
    data: [{ xAxis: at }],
  };
}
