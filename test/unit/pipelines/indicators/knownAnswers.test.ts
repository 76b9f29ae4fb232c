import { describe, expect, it } from 'vitest';
import { averageDirectionalIndex } from '#pipelines/indicators/averageDirectionalIndex.ts';
import { averageTrueRange } from '#pipelines/indicators/averageTrueRange.ts';
import { bollingerBands } from '#pipelines/indicators/bollingerBands.ts';
import { commodityChannelIndex } from '#pipelines/indicators/commodityChannelIndex.ts';
import { exponentialMovingAverage } from '#pipelines/indicators/exponentialMovingAverage.ts';
import { linearRegressionSlope } from '#pipelines/indicators/linearRegressionSlope.ts';
import { moneyFlowIndex } from '#pipelines/indicators/moneyFlowIndex.ts';
import { movingAverageConvergence } from '#pipelines/indicators/movingAverageConvergence.ts';
import { onBalanceVolume } from '#pipelines/indicators/onBalanceVolume.ts';
import { rateOfChange } from '#pipelines/indicators/rateOfChange.ts';
import { realisedVolatility } from '#pipelines/indicators/realisedVolatility.ts';
import { relativeStrengthIndex } from '#pipelines/indicators/relativeStrengthIndex.ts';
import { simpleMovingAverage } from '#pipelines/indicators/simpleMovingAverage.ts';
import { stochasticOscillator } from '#pipelines/indicators/stochasticOscillator.ts';
import { williamsPercentRange } from '#pipelines/indicators/williamsPercentRange.ts';

const column = (...values: readonly number[]): Float64Array => Float64Array.from(values);
const absent = Number.NaN;
const prices = { high: column(10, 12, 11, 14), low: column(8, 9, 9, 10), close: column(9, 11, 10, 13) };

/** A column to 12 digits. */
function rounded(values: Float64Array): readonly number[] {
  return [...values].map((value) => Number(value.toPrecision(12)));
}

describe('each indicator gives the answer worked out by hand', () => {
  it('simple average of three', () =>
    expect(rounded(simpleMovingAverage(column(1, 2, 6, 4), 3))).toEqual(rounded(column(absent, absent, 3, 4))));

  it('exponential average of three: seeded by the mean, then halfway to each value', () =>
    expect(rounded(exponentialMovingAverage(column(1, 2, 6, 4), 3))).toEqual(rounded(column(absent, absent, 3, 3.5))));

  it('relative strength: gains 2 and 1, losses 1, smoothed over two', () => {
    // After two changes: gain 1, loss 0.5. Then gain (1 + 1) / 2, loss 0.25.
    expect(rounded(relativeStrengthIndex(column(10, 12, 11, 12), 2))).toEqual(
      rounded(column(absent, absent, 200 / 3, 80)),
    );
  });

  it('relative strength of a still price is 0, as in TA-Lib', () =>
    expect(rounded(relativeStrengthIndex(column(5, 5, 5), 2))).toEqual(rounded(column(absent, absent, 0))));

  it('convergence of 1 and 2 with a signal of 1 has no histogram', () => {
    const { line, signal, histogram } = movingAverageConvergence(column(1, 3, 7), { fast: 1, slow: 2, signal: 1 });
    // Slow: 2, then 2 + 2/3 of 5.
    expect(rounded(line)).toEqual(rounded(column(absent, 1, 7 - (2 + 10 / 3))));
    expect(rounded(signal)).toEqual(rounded(column(absent, 1, 7 - (2 + 10 / 3))));
    expect(rounded(histogram)).toEqual(rounded(column(absent, 0, 0)));
  });

  it('true range of two: 3, then 2, then a gap to 4', () =>
    expect(rounded(averageTrueRange(prices, 2))).toEqual(rounded(column(absent, absent, 2.5, 3.25))));

  it('bands of 1, 3, 5: mean 3, population deviation the root of 8/3', () => {
    const { upper, middle, lower } = bollingerBands(column(1, 3, 5), { period: 3, deviations: 2 });
    expect(rounded(middle)).toEqual(rounded(column(absent, absent, 3)));
    expect(rounded(upper)).toEqual(rounded(column(absent, absent, 3 + 2 * Math.sqrt(8 / 3))));
    expect(rounded(lower)).toEqual(rounded(column(absent, absent, 3 - 2 * Math.sqrt(8 / 3))));
  });

  it('stochastic: the close within the channel of two', () => {
    const { slowK, slowD } = stochasticOscillator(prices, { fastK: 2, slowK: 1, slowD: 2 });
    // Channels 8 to 12, 9 to 12, 9 to 14: 75, 100/3, 80.
    expect(rounded(slowK)).toEqual(rounded(column(absent, absent, 100 / 3, 80)));
    expect(rounded(slowD)).toEqual(rounded(column(absent, absent, (75 + 100 / 3) / 2, (100 / 3 + 80) / 2)));
  });

  it('Williams: the other side of the same channel', () =>
    expect(rounded(williamsPercentRange(prices, 2))).toEqual(rounded(column(absent, -25, -200 / 3, -20))));

  it('a straight climb has a directional index of 100', () => {
    const climb = { high: column(2, 3, 4, 5, 6), low: column(1, 2, 3, 4, 5), close: column(1.5, 2.5, 3.5, 4.5, 5.5) };
    expect(rounded(averageDirectionalIndex(climb, 2))).toEqual(rounded(column(absent, absent, absent, 100, 100)));
  });

  it('on-balance volume starts at the first volume and ignores still closes', () =>
    expect(rounded(onBalanceVolume(column(5, 6, 6, 4), column(10, 20, 30, 40)))).toEqual(
      rounded(column(10, 30, 30, -10)),
    ));

  it('rate of change in percent', () =>
    expect(rounded(rateOfChange(column(4, 5, 6), 2))).toEqual(rounded(column(absent, absent, 50))));

  it('commodity channel of typical prices 1, 2, 6', () => {
    const still = column(1, 2, 6);
    // Mean 3, mean absolute deviation 2: (6 - 3) / (0.015 * 2).
    expect(rounded(commodityChannelIndex({ high: still, low: still, close: still }, 3))).toEqual(
      rounded(column(absent, absent, 100)),
    );
  });

  it('money flow: 40 up against 30 down', () => {
    const still = column(1, 2, 1.5);
    const bars = { high: still, low: still, close: still, volume: column(7, 20, 20) };
    expect(rounded(moneyFlowIndex(bars, 2))).toEqual(rounded(column(absent, absent, 4000 / 70)));
  });

  it('slope of a straight line', () =>
    expect(rounded(linearRegressionSlope(column(9, 3, 5, 7), 3))).toEqual(rounded(column(absent, absent, -2, 2))));

  it('volatility of returns that are two and no times log 2', () => {
    const spread = Math.log(2) * Math.SQRT1_2;
    expect(rounded(realisedVolatility(column(1, 2, 2), 2))).toEqual(rounded(column(absent, absent, spread)));
  });
});

describe('indicators refuse what they cannot compute', () => {
  it('a period of half a bar', () => expect(() => simpleMovingAverage(column(1), 0.5)).toThrow(RangeError));
  it('columns of different lengths', () =>
    expect(() => averageTrueRange({ ...prices, low: column(1) }, 2)).toThrow('differ in length'));
  it('a slow average no slower than the fast one', () =>
    expect(() => movingAverageConvergence(column(1), { fast: 3, slow: 3, signal: 1 })).toThrow(RangeError));
  it('and a series shorter than the period is all warm-up', () => {
    expect(rounded(simpleMovingAverage(column(1, 2), 3))).toEqual(rounded(column(absent, absent)));
    expect(rounded(exponentialMovingAverage(column(1, 2), 3))).toEqual(rounded(column(absent, absent)));
    expect(rounded(averageDirectionalIndex(prices, 3))).toEqual(rounded(column(absent, absent, absent, absent)));
  });
});
