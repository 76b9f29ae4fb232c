import { describe, expect, it } from 'vitest';
import { returnFigures } from '#pipelines/metrics.ts';
import { alpha, correlation } from '#pipelines/metrics/againstBenchmark.ts';
import { longestDrawdown, ulcerIndex } from '#pipelines/metrics/drawdown.ts';
import { stability } from '#pipelines/metrics/growth.ts';
import { downsideRisk, omegaRatio, sharpeRatio, sortinoRatio } from '#pipelines/metrics/ratios.ts';
import { excessKurtosis, skewness, tailRatio } from '#pipelines/metrics/shape.ts';
import { normalValueAtRisk } from '#pipelines/metrics/tailRisk.ts';
import { overRiskFree, riskFreeReturn } from '#pipelines/metrics/terms.ts';

const of = (...values: readonly number[]): Float64Array => Float64Array.from(values);

describe('the shape of returns', () => {
  it('skewness and kurtosis are those worked out by hand', () => {
    // Mean 3, deviations -2, -1, -1, 0, 4: m2 = 22/5, m3 = 54/5, m4 = 274/5.
    const values = of(1, 2, 2, 3, 7);
    const [m2, m3, m4] = [22 / 5, 54 / 5, 274 / 5];
    expect(skewness(values)).toBeCloseTo(((m3 / m2 ** 1.5) * Math.sqrt(20)) / 3, 12);
    expect(excessKurtosis(values)).toBeCloseTo((4 / 6) * (6 * (m4 / m2 ** 2 - 3) + 6), 12);
  });

  it('values that lie evenly around their mean have no skewness', () => {
    expect(skewness(of(-2, -1, 0, 1, 2))).toBeCloseTo(0, 15);
  });

  it('is undefined for values that do not vary, or too few', () => {
    expect([skewness(of(1, 1, 1)), excessKurtosis(of(1, 1, 1, 1)), tailRatio(of())]).toEqual([null, null, null]);
    expect([skewness(of(1, 2)), excessKurtosis(of(1, 2, 3))]).toEqual([null, null]);
  });

  it('the tail ratio is right tail over left', () => {
    // Quantiles of type 7 of -10 .. 10: ±9.
    const even = Float64Array.from({ length: 21 }, (_, index) => index - 10);
    expect(tailRatio(even)).toBeCloseTo(1, 12);
    expect(tailRatio(even.map((value) => (value > 0 ? 2 * value : value)))).toBeCloseTo(2, 12);
  });

  it('value at risk of a normal is mean less 1.645 deviations', () => {
    expect(normalValueAtRisk(of(-0.01, 0.01), 0.95)).toBeCloseTo(1.6448536269514722 * Math.sqrt(2) * 0.01, 12);
  });
});

describe('a curve over time', () => {
  it('100, 90, 100 has an ulcer index of the root of a third of a hundredth', () => {
    // ffn counts the first price as well, and in percent: √(100 / 3).
    expect(ulcerIndex(of(0, -0.1, 1 / 9))).toBeCloseTo(Math.sqrt(0.01 / 3), 12);
    expect(ulcerIndex(of(0.1, 0.1))).toBe(0);
  });

  it('counts the sessions under water', () => {
    expect(longestDrawdown(of(0.1, -0.1, 0.05, 0.1, -0.1))).toBe(2);
    expect(longestDrawdown(of(0.1, 0.1))).toBe(0);
  });

  it('steady growth is wholly stable, none at all undefined', () => {
    expect(stability(of(0.01, 0.01, 0.01))).toBeCloseTo(1, 12);
    expect(stability(of(0, 0))).toBeNull();
    expect(stability(of(-1, 0))).toBeNull();
    // Growth 1, e, 1 on time -1, 0, 1: no slope.
    expect(stability(of(0, Math.E - 1, 1 / Math.E - 1))).toBeCloseTo(0, 12);
  });
});

describe('a risk-free rate', () => {
  const terms = { riskFreeRate: 0.1, periodsPerYear: 2 };
  const riskFree = Math.sqrt(1.1) - 1;

  it('is brought to a period by compounding', () => {
    expect(riskFreeReturn(terms)).toBeCloseTo(riskFree, 15);
    expect((1 + riskFreeReturn({ riskFreeRate: 0.05, periodsPerYear: 252 })) ** 252).toBeCloseTo(1.05, 12);
  });

  it('is taken from every return of Sharpe, Sortino, omega and downside', () => {
    const [a, b] = [0.1 - riskFree, -0.02 - riskFree];
    const mean = (a + b) / 2;
    expect(sharpeRatio(of(0.1, -0.02), terms)).toBeCloseTo((mean / (0.12 / Math.SQRT2)) * Math.SQRT2, 12);
    expect(sortinoRatio(of(0.1, -0.02), terms)).toBeCloseTo((mean / Math.sqrt(b ** 2 / 2)) * Math.SQRT2, 12);
    expect(downsideRisk(of(0.1, -0.02), terms)).toBeCloseTo(-b, 12);
    expect(omegaRatio(of(0.1, -0.02), terms)).toBeCloseTo(a / -b, 12);
  });

  it('what moves twice as the benchmark over the rate has no alpha, whatever the rate', () => {
    const benchmark = of(0.01, -0.02, 0.04);
    const leveraged = overRiskFree(benchmark, terms).map((value) => 2 * value + riskFree);
    expect(alpha(leveraged, benchmark, terms)).toBeCloseTo(0, 12);
    expect(correlation(leveraged, benchmark)).toBeCloseTo(1, 12);
    expect(
      alpha(
        leveraged.map((value) => value + 0.01),
        benchmark,
        terms,
      ),
    ).toBeCloseTo(0.02, 12);
  });

  it.each([{ riskFreeRate: -1 }, { riskFreeRate: Number.NaN }, { periodsPerYear: 0 }, { periodsPerYear: Infinity }])(
    'refuses %o',
    (wrong) => {
      expect(() => returnFigures([0.1], undefined, { riskFreeRate: 0, periodsPerYear: 252, ...wrong })).toThrow(
        RangeError,
      );
    },
  );
});

describe('figures a year', () => {
  it('scale with the periods of a year', () => {
    const returns = Array.from({ length: 40 }, (_, row) => Math.sin(row * row) / 50 + 0.002);
    const daily = returnFigures(returns);
    const weekly = returnFigures(returns, undefined, { riskFreeRate: 0, periodsPerYear: 52 });
    for (const name of ['sharpe', 'sortino', 'annualVolatility', 'downsideRisk'] as const) {
      expect(weekly[name]! / daily[name]!).toBeCloseTo(Math.sqrt(52 / 252), 12);
    }
    expect((1 + weekly.annualReturn!) ** (252 / 52)).toBeCloseTo(1 + daily.annualReturn!, 10);
  });
});
