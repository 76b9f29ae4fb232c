import type { AdjustedPrices } from './adjustment.ts';
import { averageDirectionalIndex } from './indicators/averageDirectionalIndex.ts';
import { averageTrueRange } from './indicators/averageTrueRange.ts';
import { bollingerBands } from './indicators/bollingerBands.ts';
import { commodityChannelIndex } from './indicators/commodityChannelIndex.ts';
import { exponentialMovingAverage } from './indicators/exponentialMovingAverage.ts';
import { linearRegressionSlope } from './indicators/linearRegressionSlope.ts';
import { moneyFlowIndex } from './indicators/moneyFlowIndex.ts';
import { movingAverageConvergence } from './indicators/movingAverageConvergence.ts';
import { onBalanceVolume } from './indicators/onBalanceVolume.ts';
import { rateOfChange } from './indicators/rateOfChange.ts';
import { realisedVolatility } from './indicators/realisedVolatility.ts';
import { relativeStrengthIndex } from './indicators/relativeStrengthIndex.ts';
import { simpleMovingAverage } from './indicators/simpleMovingAverage.ts';
import { standardDeviation } from './indicators/standardDeviation.ts';
import { stochasticOscillator } from './indicators/stochasticOscillator.ts';
import { williamsPercentRange } from './indicators/williamsPercentRange.ts';

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
    compute: ({ close }, { period }) => ratioLessOne(close, simpleMovingAverage(close, period!)),
  },
  exponentialDistance: {
    parameters: { period: 1 },
    compute: ({ close }, { period }) => ratioLessOne(close, exponentialMovingAverage(close, period!)),
  },
  relativeStrengthIndex: {
    parameters: { period: 2 },
    compute: ({ close }, { period }) => relativeStrengthIndex(close, period!),
  },
  convergenceHistogram: {
    parameters: { fast: 1, slow: 2, signal: 1 },
    compute: ({ close }, { fast, slow, signal }) =>
      quotient(movingAverageConvergence(close, { fast: fast!, slow: slow!, signal: signal! }).histogram, close),
  },
  averageTrueRange: {
    parameters: { period: 1 },
    compute: (inputs, { period }) => quotient(averageTrueRange(inputs, period!), inputs.close),
  },
  bandPosition: { parameters: { period: 2, deviations: 'multiple' }, compute: bandPosition },
  stochastic: {
    parameters: { fastK: 1, slowK: 1, slowD: 1 },
    compute: (inputs, { fastK, slowK, slowD }) =>
      stochasticOscillator(inputs, { fastK: fastK!, slowK: slowK!, slowD: slowD! }).slowK,
  },
  williamsPercentRange: {
    parameters: { period: 1 },
    compute: (inputs, { period }) => williamsPercentRange(inputs, period!),
  },
  directionalIndex: {
    parameters: { period: 2 },
    compute: (inputs, { period }) => averageDirectionalIndex(inputs, period!),
  },
  channelIndex: {
    parameters: { period: 2 },
    compute: (inputs, { period }) => commodityChannelIndex(inputs, period!),
  },
  moneyFlowIndex: {
    parameters: { period: 2 },
    compute: (inputs, { period }) => moneyFlowIndex(inputs, period!),
  },
  volumeTrend: { parameters: { period: 2 }, compute: volumeTrend },
  volatility: {
    parameters: { period: 2 },
    compute: ({ close }, { period }) => realisedVolatility(close, period!),
  },
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

/** Simple return over a number of sessions, a fraction. */
function simpleReturn(closes: Float64Array, sessions: number): Float64Array {
  return rateOfChange(closes, sessions).map((percent) => percent / 100);
}

function quotient(above: Float64Array, below: Float64Array): Float64Array {
  return above.map((value, bar) => value / below[bar]!);
}

function ratioLessOne(above: Float64Array, below: Float64Array): Float64Array {
  return above.map((value, bar) => value / below[bar]! - 1);
}

/** Bollinger's %b: 0 at the lower band, 1 at the upper, one half where the bands meet. */
function bandPosition({ close }: FeatureInputs, { period, deviations }: FeatureParameters): Float64Array {
  const { upper, lower } = bollingerBands(close, { period: period!, deviations: deviations! });
  return close.map((price, bar) => {
    const width = upper[bar]! - lower[bar]!;
    return width === 0 ? 0.5 : (price - lower[bar]!) / width;
  });
}

/**
 * Slope of on-balance volume in its own standard deviations, scaled so that it is its correlation with time: -1 to 1,
 * 0 where no volume moved.
 */
function volumeTrend({ close, volume }: FeatureInputs, { period }: FeatureParameters): Float64Array {
  const balance = onBalanceVolume(close, volume);
  const slope = linearRegressionSlope(balance, period!);
  const spread = standardDeviation(balance, { period: period!, lostDegrees: 0 });
  const timeSpread = Math.sqrt((period! * period! - 1) / 12);
  return slope.map((value, bar) => (spread[bar] === 0 ? 0 : (value * timeSpread) / spread[bar]!));
}
