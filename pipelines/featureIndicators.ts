import type { AdjustedPrices } from './adjustment.ts';
import { exponentialMovingAverage } from './indicators/averages/exponentialMovingAverage.ts';
import { simpleMovingAverage } from './indicators/averages/simpleMovingAverage.ts';
import { bollingerBands } from './indicators/bands/bollingerBands.ts';
import { computeIndicator } from './indicators/computeIndicator.ts';
import type { Columns, Indicator, IndicatorParameters } from './indicators/indicator.ts';
import { averageDirectionalIndex } from './indicators/momentum/averageDirectionalIndex.ts';
import { commodityChannelIndex } from './indicators/momentum/commodityChannelIndex.ts';
import { moneyFlowIndex } from './indicators/momentum/moneyFlowIndex.ts';
import { movingAverageConvergence } from './indicators/momentum/movingAverageConvergence.ts';
import { relativeStrengthIndex } from './indicators/momentum/relativeStrengthIndex.ts';
import { stochasticOscillator } from './indicators/momentum/stochasticOscillator.ts';
import { williamsPercentRange } from './indicators/momentum/williamsPercentRange.ts';
import { linearRegressionSlope } from './indicators/statistics/linearRegressionSlope.ts';
import { standardDeviation } from './indicators/statistics/standardDeviation.ts';
import { averageTrueRange } from './indicators/volatility/averageTrueRange.ts';
import { onBalanceVolume } from './indicators/volume/onBalanceVolume.ts';

/** What a feature is computed from: one symbol's adjusted prices and the benchmark's close of the same sessions. */
export interface FeatureInputs extends AdjustedPrices {
  /** Shape [bars]; NaN where the benchmark has no close. */
  readonly benchmark: Float64Array;
}

/** Numbers of a feature by parameter name. */
export type FeatureParameters = Readonly<Record<string, number>>;

/** One kind of feature: what it must be told, and how it is computed. Every kind is free of the price's scale. */
export interface FeatureIndicator {
  /** Parameters by name: the least whole number of sessions, or `multiple` for any finite number over 0. */
  readonly parameters: Readonly<Record<string, number | 'multiple'>>;
  /** Shape [bars]; each row from that row and earlier ones only. */
  readonly compute: (inputs: FeatureInputs, parameters: FeatureParameters) => Float64Array;
}

/** Kinds of features by the name a feature set uses. */
export const featureIndicators: Readonly<Record<string, FeatureIndicator>> = {
  return: {
    parameters: { sessions: 1 },
    compute: ({ close }, { sessions }) => simpleReturn(close, sessions!),
  },
  averageDistance: {
    parameters: { period: 1 },
    compute: ({ close }, { period }) => ratioLessOne(close, only(simpleMovingAverage, [close], period!)),
  },
  exponentialDistance: {
    parameters: { period: 1 },
    compute: ({ close }, { period }) => ratioLessOne(close, only(exponentialMovingAverage, [close], period!)),
  },
  relativeStrengthIndex: {
    parameters: { period: 2 },
    compute: ({ close }, { period }) => only(relativeStrengthIndex, [close], period!),
  },
  convergenceHistogram: { parameters: { fast: 2, slow: 3, signal: 1 }, compute: convergenceHistogram },
  averageTrueRange: {
    parameters: { period: 1 },
    compute: ({ high, low, close }, { period }) => quotient(only(averageTrueRange, [high, low, close], period!), close),
  },
  bandPosition: { parameters: { period: 2, deviations: 'multiple' }, compute: bandPosition },
  stochastic: { parameters: { fastK: 1, slowK: 1, slowD: 1 }, compute: stochastic },
  williamsPercentRange: {
    parameters: { period: 2 },
    compute: ({ high, low, close }, { period }) => only(williamsPercentRange, [high, low, close], period!),
  },
  directionalIndex: {
    parameters: { period: 2 },
    compute: ({ high, low, close }, { period }) => only(averageDirectionalIndex, [high, low, close], period!),
  },
  channelIndex: {
    parameters: { period: 2 },
    compute: ({ high, low, close }, { period }) => only(commodityChannelIndex, [high, low, close], period!),
  },
  moneyFlowIndex: {
    parameters: { period: 2 },
    compute: ({ high, low, close, volume }, { period }) => only(moneyFlowIndex, [high, low, close, volume], period!),
  },
  volumeTrend: { parameters: { period: 2 }, compute: volumeTrend },
  volatility: { parameters: { period: 2 }, compute: ({ close }, { period }) => volatility(close, period!) },
  benchmarkReturn: {
    parameters: { sessions: 1 },
    compute: ({ benchmark }, { sessions }) => simpleReturn(benchmark, sessions!),
  },
  relativeReturn: {
    parameters: { sessions: 1 },
    compute: ({ close, benchmark }, { sessions }) => {
      const market = simpleReturn(benchmark, sessions!);
      return simpleReturn(close, sessions!).map((own, bar) => own - market[bar]!);
    },
  },
};

/** The only output of an indicator whose only parameter of interest is its look-back. */
function only(indicator: Indicator, inputs: Columns, timeperiod: number): Float64Array {
  return computeIndicator(indicator, inputs, { timeperiod })[0]!;
}

/** Outputs of an indicator by their names. */
function named(indicator: Indicator, inputs: Columns, parameters: IndicatorParameters): Record<string, Float64Array> {
  const outputs = computeIndicator(indicator, inputs, parameters);
  return Object.fromEntries(indicator.outputs.map((name, index) => [name, outputs[index]!]));
}

/**
 * Simple return over a number of sessions, a fraction. Unlike an indicator it does not begin anew after a hole: a session
 * without a price takes away the two returns that need it.
 */
function simpleReturn(closes: Float64Array, sessions: number): Float64Array {
  return closes.map((price, bar) => (bar < sessions ? Number.NaN : price / closes[bar - sessions]! - 1));
}

function quotient(above: Float64Array, below: Float64Array): Float64Array {
  return above.map((value, bar) => value / below[bar]!);
}

function ratioLessOne(above: Float64Array, below: Float64Array): Float64Array {
  return above.map((value, bar) => value / below[bar]! - 1);
}

function convergenceHistogram({ close }: FeatureInputs, { fast, slow, signal }: FeatureParameters): Float64Array {
  const periods = { fastperiod: fast!, slowperiod: slow!, signalperiod: signal! };
  return quotient(named(movingAverageConvergence, [close], periods).macdhist!, close);
}

function stochastic({ high, low, close }: FeatureInputs, { fastK, slowK, slowD }: FeatureParameters): Float64Array {
  const periods = { fastk_period: fastK!, slowk_period: slowK!, slowd_period: slowD! };
  return named(stochasticOscillator, [high, low, close], periods).slowk!;
}

/** Bollinger's %b: 0 at the lower band, 1 at the upper, one half where the bands meet. */
function bandPosition({ close }: FeatureInputs, { period, deviations }: FeatureParameters): Float64Array {
  const widths = { timeperiod: period!, nbdevup: deviations!, nbdevdn: deviations! };
  const { upperband, lowerband } = named(bollingerBands, [close], widths);
  return close.map((price, bar) => {
    const width = upperband![bar]! - lowerband![bar]!;
    return width === 0 ? 0.5 : (price - lowerband![bar]!) / width;
  });
}

/** Sample standard deviation of the last log returns, a fraction per session and not annualised. */
function volatility(closes: Float64Array, period: number): Float64Array {
  const returns = closes.map((price, bar) => (bar === 0 ? Number.NaN : Math.log(price / closes[bar - 1]!)));
  const nbdev = Math.sqrt(period / (period - 1));
  return computeIndicator(standardDeviation, [returns], { timeperiod: period, nbdev })[0]!;
}

/**
 * Slope of on-balance volume in its own standard deviations, scaled so that it is its correlation with time: -1 to 1,
 * 0 where no volume moved.
 */
function volumeTrend({ close, volume }: FeatureInputs, { period }: FeatureParameters): Float64Array {
  const balance = computeIndicator(onBalanceVolume, [close, volume])[0]!;
  const slope = only(linearRegressionSlope, [balance], period!);
  const spread = only(standardDeviation, [balance], period!);
  const timeSpread = Math.sqrt((period! * period! - 1) / 12);
  return slope.map((value, bar) => (spread[bar] === 0 ? 0 : (value * timeSpread) / spread[bar]!));
}
