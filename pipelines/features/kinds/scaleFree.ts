import { exponentialMovingAverage } from '../../indicators/averages/exponentialMovingAverage.ts';
import { simpleMovingAverage } from '../../indicators/averages/simpleMovingAverage.ts';
import { bollingerBands } from '../../indicators/bands/bollingerBands.ts';
import type { Indicator } from '../../indicators/indicator.ts';
import { averageDirectionalIndex } from '../../indicators/momentum/averageDirectionalIndex.ts';
import { commodityChannelIndex } from '../../indicators/momentum/commodityChannelIndex.ts';
import { moneyFlowIndex } from '../../indicators/momentum/moneyFlowIndex.ts';
import { movingAverageConvergence } from '../../indicators/momentum/movingAverageConvergence.ts';
import { relativeStrengthIndex } from '../../indicators/momentum/relativeStrengthIndex.ts';
import { stochasticOscillator } from '../../indicators/momentum/stochasticOscillator.ts';
import { williamsPercentRange } from '../../indicators/momentum/williamsPercentRange.ts';
import { linearRegressionSlope } from '../../indicators/statistics/linearRegressionSlope.ts';
import { standardDeviation } from '../../indicators/statistics/standardDeviation.ts';
import { averageTrueRange } from '../../indicators/volatility/averageTrueRange.ts';
import { onBalanceVolume } from '../../indicators/volume/onBalanceVolume.ts';
import type { ColumnKind, ColumnState, FeatureParameters } from '../featureKind.ts';
import { bars, columnKind, multiple, runOf, stateOfParts } from './columnKind.ts';

/** An indicator that is free of the price's scale by itself. */
function asItIs(kind: Pick<ColumnKind, 'name' | 'title' | 'inputs'>, indicator: Indicator): ColumnKind {
  return columnKind({
    ...kind,
    parameters: { period: bars(2) },
    begin: ({ period }) => runOf(indicator, { timeperiod: period! }),
  });
}

/** Distance of the close from an average, a fraction of the average. */
function distanceFrom(average: Indicator, period: number): ColumnState {
  const run = runOf(average, { timeperiod: period });
  return stateOfParts(1, ({ inputs, between, value, span }) => {
    run.advance(inputs, between, span);
    for (let row = span.from; row < span.to; row += 1) value[row] = inputs[0]![row]! / between[0]![row]! - 1;
  });
}

function convergenceHistogram({ fast, slow, signal }: FeatureParameters): ColumnState {
  const run = runOf(movingAverageConvergence, { fastperiod: fast!, slowperiod: slow!, signalperiod: signal! });
  const histogram = movingAverageConvergence.outputs.indexOf('macdhist');
  return stateOfParts(3, ({ inputs, between, value, span }) => {
    run.advance(inputs, between, span);
    for (let row = span.from; row < span.to; row += 1) value[row] = between[histogram]![row]! / inputs[0]![row]!;
  });
}

function rangeOverClose(period: number): ColumnState {
  const run = runOf(averageTrueRange, { timeperiod: period });
  return stateOfParts(1, ({ inputs, between, value, span }) => {
    run.advance(inputs, between, span);
    for (let row = span.from; row < span.to; row += 1) value[row] = between[0]![row]! / inputs[2]![row]!;
  });
}

function bandPosition({ period, deviations }: FeatureParameters): ColumnState {
  const run = runOf(bollingerBands, { timeperiod: period!, nbdevup: deviations!, nbdevdn: deviations! });
  return stateOfParts(3, ({ inputs, between, value, span }) => {
    run.advance(inputs, between, span);
    const [upper, , lower] = between;
    for (let row = span.from; row < span.to; row += 1) {
      const width = upper![row]! - lower![row]!;
      value[row] = width === 0 ? 0.5 : (inputs[0]![row]! - lower![row]!) / width;
    }
  });
}

function stochastic({ fastK, slowK, slowD }: FeatureParameters): ColumnState {
  const run = runOf(stochasticOscillator, { fastk_period: fastK!, slowk_period: slowK!, slowd_period: slowD! });
  return stateOfParts(2, ({ inputs, between, value, span }) => {
    run.advance(inputs, between, span);
    value.set(between[0]!.subarray(span.from, span.to), span.from);
  });
}

/** Sample standard deviation of the last log returns. */
function volatility(period: number): ColumnState {
  const run = runOf(standardDeviation, { timeperiod: period, nbdev: Math.sqrt(period / (period - 1)) });
  let before = Number.NaN;
  return stateOfParts(1, ({ inputs, between, value, span }) => {
    for (let row = span.from; row < span.to; row += 1) {
      between[0]![row] = Math.log(inputs[0]![row]! / before);
      before = inputs[0]![row]!;
    }
    run.advance(between, [value], span);
  });
}

function volumeTrend(period: number): ColumnState {
  const balance = runOf(onBalanceVolume, {});
  const slope = runOf(linearRegressionSlope, { timeperiod: period });
  const spread = runOf(standardDeviation, { timeperiod: period });
  const timeSpread = Math.sqrt((period * period - 1) / 12);
  return stateOfParts(3, ({ inputs, between, value, span }) => {
    const [balances, slopes, spreads] = between as [Float64Array, Float64Array, Float64Array];
    balance.advance(inputs, [balances], span);
    slope.advance([balances], [slopes], span);
    spread.advance([balances], [spreads], span);
    for (let row = span.from; row < span.to; row += 1) {
      value[row] = spreads[row] === 0 ? 0 : (slopes[row]! * timeSpread) / spreads[row]!;
    }
  });
}

const onePeriod = { period: bars(1) };
const highLowClose = ['high', 'low', 'close'] as const;

/** Indicators brought to figures that do not depend on the price's scale, so that one model reads all symbols. */
export const scaleFreeKinds: readonly ColumnKind[] = [
  columnKind({
    name: 'averageDistance',
    title: 'Close over its simple average, less one',
    inputs: ['close'],
    parameters: onePeriod,
    begin: ({ period }) => distanceFrom(simpleMovingAverage, period!),
  }),
  columnKind({
    name: 'exponentialDistance',
    title: 'Close over its exponential average, less one',
    inputs: ['close'],
    parameters: onePeriod,
    begin: ({ period }) => distanceFrom(exponentialMovingAverage, period!),
  }),
  columnKind({
    name: 'convergenceHistogram',
    title: 'Histogram of MACD over the close',
    inputs: ['close'],
    parameters: { fast: bars(2), slow: bars(3), signal: bars(1) },
    refuse: ({ fast, slow }) => (slow! <= fast! ? 'slow must be over fast' : undefined),
    begin: convergenceHistogram,
  }),
  columnKind({
    name: 'averageTrueRange',
    title: 'Average true range over the close',
    inputs: highLowClose,
    parameters: onePeriod,
    begin: ({ period }) => rangeOverClose(period!),
  }),
  columnKind({
    name: 'bandPosition',
    title: "Bollinger's %b: 0 at the lower band, 1 at the upper, one half where the bands meet",
    inputs: ['close'],
    parameters: { period: bars(2), deviations: multiple },
    begin: bandPosition,
  }),
  columnKind({
    name: 'stochastic',
    title: 'Slow %K of the stochastic oscillator, 0 to 100',
    inputs: highLowClose,
    parameters: { fastK: bars(1), slowK: bars(1), slowD: bars(1) },
    begin: stochastic,
  }),
  columnKind({
    name: 'volatility',
    title: 'Sample standard deviation of the last log returns, a fraction a bar',
    inputs: ['close'],
    parameters: { period: bars(2) },
    begin: ({ period }) => volatility(period!),
  }),
  columnKind({
    name: 'volumeTrend',
    title: 'Correlation of on-balance volume with time, -1 to 1; 0 where no volume moved',
    inputs: ['close', 'volume'],
    parameters: { period: bars(2) },
    begin: ({ period }) => volumeTrend(period!),
  }),
  asItIs({ name: 'relativeStrengthIndex', title: 'RSI, 0 to 100', inputs: ['close'] }, relativeStrengthIndex),
  asItIs({ name: 'williamsPercentRange', title: 'Williams %R, -100 to 0', inputs: highLowClose }, williamsPercentRange),
  asItIs({ name: 'directionalIndex', title: 'ADX, 0 to 100', inputs: highLowClose }, averageDirectionalIndex),
  asItIs({ name: 'channelIndex', title: 'Commodity channel index', inputs: highLowClose }, commodityChannelIndex),
  asItIs(
    { name: 'moneyFlowIndex', title: 'Money flow index, 0 to 100', inputs: [...highLowClose, 'volume'] },
    moneyFlowIndex,
  ),
];
