import { describe, expect, it } from 'vitest';
import {
  deflatedSharpe,
  effectiveTrials,
  expectedMaximumSharpe,
  worthlessVariance,
} from '#pipelines/overfit/deflatedSharpe.ts';
import { automaticLags, longRunVariance } from '#pipelines/overfit/neweyWest.ts';
import { minimumTrackRecord, probabilisticSharpe } from '#pipelines/overfit/probabilisticSharpe.ts';
import { dependentSharpeError, estimateSharpe, sharpeError } from '#pipelines/overfit/sharpeEstimate.ts';

const normal = { skewness: 0, kurtosis: 3 };

describe('Bailey and Lopez de Prado 2014, the numerical example', () => {
  // Five years of 250 days, a Sharpe ratio of 2.5 a year, trials that spread by a variance of a half a year.
  const selected = { observations: 1250, sharpe: 2.5 / Math.sqrt(250), skewness: -3, kurtosis: 10 };
  const variance = 0.5 / 250;

  it('the best of a hundred worthless strategies shows 0.1132 a day', () => {
    expect(expectedMaximumSharpe({ trials: 100, variance })).toBeCloseTo(0.1132, 4);
  });

  it('after a hundred trials the deflated ratio is 0.9004: refused', () => {
    expect(deflatedSharpe(selected, { trials: 100, variance })).toBeCloseTo(0.9004, 4);
  });

  it('after 46 trials it would have been 0.9505, and 88 if returns were normal', () => {
    expect(deflatedSharpe(selected, { trials: 46, variance })).toBeCloseTo(0.9505, 4);
    expect(deflatedSharpe({ ...selected, ...normal }, { trials: 88, variance })).toBeCloseTo(0.9505, 4);
  });
});

describe('Bailey and Lopez de Prado 2012, the numerical examples', () => {
  // Two years of months, a ratio of 0.458 a month.
  const fund = { observations: 24, sharpe: 0.458 };

  it('0.982 sure of a positive ratio if normal, 0.913 as skewed and fat-tailed as it is', () => {
    expect(probabilisticSharpe({ ...fund, ...normal }, 0)).toBeCloseTo(0.982, 3);
    expect(probabilisticSharpe({ ...fund, skewness: -2.448, kurtosis: 10.164 }, 0)).toBeCloseTo(0.913, 3);
  });

  it.each([
    { periods: 252, years: 2.73 },
    { periods: 52, years: 2.83 },
    { periods: 12, years: 3.24 },
  ])('telling 2 from 1 a year takes $years years at $periods a year', ({ periods, years }) => {
    const [sharpe, reference] = [2 / Math.sqrt(periods), 1 / Math.sqrt(periods)];
    const needed = minimumTrackRecord({ observations: 24, sharpe, ...normal }, { reference, confidence: 0.95 });
    expect(needed! / periods).toBeCloseTo(years, 2);
  });
});

describe('a Sharpe ratio and its certainty', () => {
  it('a record of exactly the minimum length is as sure as was asked', () => {
    const estimate = { observations: 24, sharpe: 0.1, skewness: -0.5, kurtosis: 5 };
    const observations = minimumTrackRecord(estimate, { reference: 0.02, confidence: 0.9 })!;
    expect(probabilisticSharpe({ ...estimate, observations }, 0.02)).toBeCloseTo(0.9, 8);
  });

  it('no length is enough for a ratio that does not exceed its reference', () => {
    expect(
      minimumTrackRecord({ observations: 24, sharpe: 0.1, ...normal }, { reference: 0.1, confidence: 0.9 }),
    ).toBeNull();
  });

  it('one trial is not deflated, and more trials are deflated more', () => {
    const estimate = { observations: 500, sharpe: 0.1, ...normal };
    const variance = worthlessVariance(500);
    expect(variance).toBeCloseTo(1 / 499, 15);
    const deflated = [1, 2, 10, 100].map((trials) => deflatedSharpe(estimate, { trials, variance }));
    expect(deflated[0]).toBe(probabilisticSharpe(estimate, 0));
    expect(deflated.toSorted((a, b) => b - a)).toEqual(deflated);
    expect(new Set(deflated).size).toBe(4);
  });

  it('alike trials count for fewer', () => {
    expect([effectiveTrials(10, 0), effectiveTrials(10, 1), effectiveTrials(10, 0.5)]).toEqual([10, 1, 5.5]);
    expect(effectiveTrials(10, -0.2)).toBe(10);
  });

  it('is undefined for returns that do not vary', () => {
    expect(estimateSharpe(Float64Array.of(0.1, 0.1))).toBeNull();
    expect(dependentSharpeError(Float64Array.of(0.1, 0.1), 0)).toBeNull();
  });

  it('two-valued returns leave nothing uncertain, and no NaN', () => {
    const certain = { observations: 10, sharpe: 1, skewness: 2, kurtosis: 5 };
    expect(sharpeError(certain)).toBe(0);
    expect([probabilisticSharpe(certain, 0), probabilisticSharpe(certain, 2)]).toEqual([1, 0]);
  });

  it.each([
    () => expectedMaximumSharpe({ trials: 0, variance: 1 }),
    () => expectedMaximumSharpe({ trials: 2, variance: -1 }),
    () => worthlessVariance(1),
    () => longRunVariance(new Float64Array(), 0),
    () => longRunVariance(Float64Array.of(1), 0.5),
  ])('refuses what has no meaning: %s', (wrong) => {
    expect(wrong).toThrow(RangeError);
  });
});

describe('dependence', () => {
  it('the long-run variance weighs autocovariances as Bartlett does', () => {
    // Deviations 1, -1, 1, -1: variance 1, first autocovariance -3/4, second 2/4.
    const alternating = Float64Array.of(2, 0, 2, 0);
    expect(longRunVariance(alternating, 0)).toBe(1);
    expect(longRunVariance(alternating, 1)).toBeCloseTo(1 - 2 * (1 / 2) * (3 / 4), 12);
    expect(longRunVariance(alternating, 2)).toBeCloseTo(1 - 2 * (2 / 3) * (3 / 4) + 2 * (1 / 3) * (2 / 4), 12);
  });

  it('takes as many lags as Newey and West say', () => {
    expect([100, 250, 2520].map(automaticLags)).toEqual([4, 4, 8]);
  });

  it('without lags the error is that of independent returns', () => {
    const returns = Float64Array.from({ length: 200 }, (_, row) => Math.sin(row * row) / 50 + 0.001);
    const independent = sharpeError(estimateSharpe(returns)!);
    expect(dependentSharpeError(returns, 0)! / independent).toBeCloseTo(1, 1);
  });

  it('returns that go on as they were make the ratio less certain, and such as turn back more', () => {
    const trending = Float64Array.from({ length: 240 }, (_, row) => (Math.floor(row / 12) % 2 ? 0.01 : -0.008));
    const turning = Float64Array.from({ length: 240 }, (_, row) => (row % 2 ? 0.01 : -0.008));
    expect(dependentSharpeError(trending, 6)!).toBeGreaterThan(1.5 * dependentSharpeError(trending, 0)!);
    expect(dependentSharpeError(turning, 6)!).toBeLessThan(0.7 * dependentSharpeError(turning, 0)!);
  });
});
