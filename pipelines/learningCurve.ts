import { inks, paletteStyle } from './charts/palette.ts';
import { axisStyle, renderChart } from './charts/renderChart.ts';

/** Losses of one epoch. */
export interface EpochLosses {
  /** From 1. */
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly validationLoss: number;
}

const size = { width: 720, height: 400 };

/**
 * The learning curve as a picture of its own: training and validation loss by epoch, and the epoch that was kept.
 * Readable on light and dark screens.
 * @param curve epochs in order; none gives an empty picture
 * @param bestEpoch the epoch whose parameters were kept; 0 for none
 * @returns an SVG document
 */
export function learningCurveSvg(curve: readonly EpochLosses[], bestEpoch: number): string {
  const kept = curve.find(({ epoch }) => epoch === bestEpoch);
  const line = (values: readonly (readonly [number, number])[], color: string): object => ({
    type: 'line',
    silent: true,
    showSymbol: values.length < 30,
    symbol: 'circle',
    symbolSize: 4,
    emphasis: { disabled: true },
    data: values,
    itemStyle: { color },
    lineStyle: { color, width: 2 },
  });
  const epochs = curve.map(({ epoch }) => epoch);
  const svg = renderChart(
    { name: 'learning', description: describe(curve, kept), size },
    {
      grid: { left: 56, right: 28, top: 64, bottom: 44 },
      xAxis: {
        type: 'value',
        min: epochs[0] ?? 0,
        max: epochs.at(-1) ?? 1,
        minInterval: 1,
        name: 'epoch',
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle: { color: inks.muted, fontSize: 12 },
        ...axisStyle,
        splitLine: { show: false },
      },
      yAxis: { type: 'value', scale: true, ...axisStyle },
      series: [
        line(
          curve.map(({ epoch, trainingLoss }) => [epoch, trainingLoss]),
          inks.benchmark,
        ),
        {
          ...line(
            curve.map(({ epoch, validationLoss }) => [epoch, validationLoss]),
            inks.strategy,
          ),
          ...(kept && { markLine: keptMark(kept) }),
        },
      ],
    },
  );
  const head =
    `<style>${paletteStyle(':root')}text{font-family:system-ui,sans-serif}</style>` +
    `<rect width="${size.width}" height="${size.height}" fill="var(--paper)"></rect>` +
    `<text x="16" y="30" font-size="15" font-weight="600" fill="var(--text)">Loss by epoch` +
    `<tspan dx="18" fill="var(--benchmark)">training</tspan>` +
    `<tspan dx="12" fill="var(--strategy)">validation</tspan></text>`;
  return svg.replace('<svg ', `<svg width="${size.width}" height="${size.height}" `).replace('>', `>${head}`);
}

function keptMark({ epoch, validationLoss }: EpochLosses): object {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: inks.muted, type: [3, 4], width: 1 },
    label: {
      formatter: `kept: ${validationLoss.toPrecision(4)}`,
      color: inks.muted,
      fontSize: 12,
      position: 'end',
    },
    data: [{ xAxis: epoch }],
  };
}

function describe(curve: readonly EpochLosses[], kept: EpochLosses | undefined): string {
  const best = kept ? `; epoch ${kept.epoch} was kept at ${kept.validationLoss.toPrecision(4)}` : '';
  return `training and validation loss over ${curve.length} epochs${best}`;
}
