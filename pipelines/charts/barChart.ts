import { inks, type Ink } from './palette.ts';
import { axisStyle, plotGrid, renderChart, type ChartSize } from './renderChart.ts';

/** A bar; null leaves its place empty. */
interface Bar {
  readonly label: string;
  readonly value: number | null;
  readonly ink: Ink;
}

/** Bars side by side, with how their axis reads. */
export interface BarChart {
  /** Prefix of ids, unique in a page. */
  readonly name: string;
  /** For those who cannot see it. */
  readonly description: string;
  /** At least one. */
  readonly bars: readonly Bar[];
  /** Text of a label of the values' axis. */
  readonly label: (value: number) => string;
  /** Labels of the axis stand at least so far apart: 1 where things are counted. */
  readonly labelStepMin?: number;
}

/** Draws upright bars from zero; as many labels under them as there is room for. */
export function drawBars({ name, description, bars, label, labelStepMin }: BarChart, size: ChartSize): string {
  const labelsMax = size.width < 500 ? 4 : 8;
  const drawn = bars.map(({ value, ink }) => ({ value, itemStyle: { color: inks[ink] } }));
  return renderChart(
    { name: `${name}-${size.width}`, description, size },
    {
      grid: plotGrid,
      xAxis: {
        type: 'category',
        data: bars.map((bar) => bar.label),
        ...axisStyle,
        axisLine: { show: true, lineStyle: { color: inks.muted, opacity: 0.6 } },
        axisLabel: { ...axisStyle.axisLabel, interval: Math.ceil(bars.length / labelsMax) - 1 },
        splitLine: { show: false },
      },
      yAxis: {
        type: 'value',
        splitNumber: 4,
        ...(labelStepMin !== undefined && { minInterval: labelStepMin }),
        ...axisStyle,
        axisLabel: { ...axisStyle.axisLabel, formatter: label },
      },
      series: [
        {
          type: 'bar',
          silent: true,
          emphasis: { disabled: true },
          barCategoryGap: '25%',
          barMaxWidth: 48,
          data: drawn,
        },
      ],
    },
  );
}
