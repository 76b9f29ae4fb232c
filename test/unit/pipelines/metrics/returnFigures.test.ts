import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deviation,
  mean,
  quantile,
  returnFigures,
  sampleMin,
  sharpeRatio as sharpeOfList,
} from '#pipelines/metrics.ts';
import { annualTurnover, exposureOfWeights, turnoverOfWeights } from '#pipelines/metrics/activity.ts';
import { beta } from '#pipelines/metrics/againstBenchmark.ts';
import { drawdowns, maximumDrawdown } from '#pipelines/metrics/drawdown.ts';
import { annualGrowth, totalReturn } from '#pipelines/metrics/growth.ts';
import { quantileOfSorted } from '#domain/quantile.ts';
import { calmarRatio, sharpeRatio, sortinoRatio } from '#pipelines/metrics/ratios.ts';
import { winsAndLosses } from '#pipelines/metrics/winsAndLosses.ts';

const column = (...values: readonly number[]): Float64Array => Float64Array.from(values);

describe('figures worked out by hand', () => {
  it('a rise of a half and a fall of a half lose a quarter', () => {
    const returns = column(0.5, -0.5);
    expect(totalReturn(returns)).toBeCloseTo(-0.25, 12);
    // 126 times two sessions make a year.
    expect(annualGrowth(returns)).toBeCloseTo(0.75 ** 126 - 1, 12);
    expect(winsAndLosses(returns)).toEqual({
      profitFactor: 1,
      winRate: 0.5,
      averageWin: 0.5,
      averageLoss: 0.5,
      payoffRatio: 1,
    });
    expect(sharpeRatio(returns)).toBe(0);
  });

  it('Sharpe of 1, 2 and 3 percent is 2 a day, times the root of 252', () =>
    expect(sharpeRatio(column(0.01, 0.02, 0.03))).toBeCloseTo(2 * Math.sqrt(252), 10));

  it('Sortino spreads losses over all sessions', () =>
    // Mean 0.01; downside sqrt(0.02² / 4) = 0.01.
    expect(sortinoRatio(column(0.03, -0.02, 0.03, 0))).toBeCloseTo(Math.sqrt(252), 10));

  it('Calmar of a year that ends where it began is 0', () => expect(calmarRatio(column(1, -0.5))).toBeCloseTo(0, 12));

  it('twice the benchmark has a beta of two', () => {
    const benchmark = column(0.01, -0.02, 0.03);
    const doubled = benchmark.map((value) => 2 * value);
    expect(beta(doubled, benchmark)).toBeCloseTo(2, 12);
  });

  it('of 100 returns a basis point apart the tails are those of interpolated orders', () => {
    const returns = Float64Array.from({ length: 100 }, (_, row) => (row - 49) / 10_000);
    const figures = returnFigures(returns);
    // Type 7: 0.05 * 99 = 4.95 places above the lowest of -49 basis points; five sessions lie at or below.
    expect(figures.valueAtRisk95).toBeCloseTo(0.0049 - 0.000495, 12);
    expect(figures.expectedShortfall95).toBeCloseTo(0.0047, 12);
    expect(figures.valueAtRisk99).toBeCloseTo(0.0049 - 0.000099, 12);
    expect(figures.expectedShortfall99).toBeCloseTo(0.0049, 12);
  });

  it('a drawdown knows its peak, its trough and the session that is back', () =>
    expect(maximumDrawdown(column(0.1, -0.2, -0.1, 0.5, 0.1))).toEqual({
      fraction: expect.closeTo(0.28, 12) as number,
      peakIndex: 0,
      troughIndex: 2,
      recoveryIndex: 3,
    }));

  it('a fall from the first dollar has its peak before the first session, and may never recover', () =>
    expect(maximumDrawdown(column(-0.5, 0.2))).toEqual({
      fraction: 0.5,
      peakIndex: -1,
      troughIndex: 0,
      recoveryIndex: null,
    }));

  it('moments of a list are those of its column', () => {
    expect([mean([1, 2, 6]), deviation([1, 2, 6])]).toEqual([3, Math.sqrt(7)]);
    expect(sharpeOfList([0.01, 0.02, 0.03])).toBe(sharpeRatio(column(0.01, 0.02, 0.03)));
  });

  it('turnover is half the weights moved, exposure their sum', () => {
    const weights = { symbols: ['A', 'B'], values: column(0.5, 0.5, 1, 0, 1, 0) };
    expect(turnoverOfWeights(weights)).toEqual(column(0.5, 0.5, 0));
    expect(exposureOfWeights(weights)).toEqual(column(1, 1, 1));
    expect(annualTurnover(column(0.5, 0.5, 0))).toBeCloseTo(84, 10);
    expect(() => turnoverOfWeights({ symbols: ['A', 'B'], values: column(1) })).toThrow(RangeError);
  });

  it('quantiles interpolate between orders', () => {
    expect(quantileOfSorted(column(1, 2, 4), 0.75)).toBe(3);
    expect(quantile([1, 2, 4], 1)).toBe(4);
    expect(() => quantileOfSorted(column(), 0.5)).toThrow(RangeError);
  });
});

describe('what is undefined is null', () => {
  const rising = (count: number): Float64Array => Float64Array.from({ length: count }, (_, row) => row / 1000);

  it('no returns have no figures', () => {
    const { sessions, ...figures } = returnFigures(column());
    expect(sessions).toBe(0);
    expect(new Set(Object.values(figures))).toEqual(new Set([null]));
  });

  it('under twenty sessions only the total return and the drawdown are said', () => {
    const {
      sessions,
      totalReturn: total,
      maximumDrawdown: deepest,
      ...others
    } = returnFigures(rising(sampleMin - 1), rising(sampleMin - 1));
    expect(sessions).toBe(19);
    expect(total).toBeGreaterThan(0);
    expect(deepest).toBe(0);
    expect(new Set(Object.values(others))).toEqual(new Set([null]));
    expect(returnFigures(rising(sampleMin)).sharpe).toBeGreaterThan(0);
  });

  it('returns that do not vary have no Sharpe, however rounding moves their mean', () => {
    expect(returnFigures(new Float64Array(2_520).fill(0.001)).sharpe).toBeNull();
    expect(returnFigures(new Float64Array(63)).sharpe).toBeNull();
  });

  it('a curve that never falls has no Sortino, Calmar or profit factor', () =>
    expect(returnFigures(rising(30))).toMatchObject({
      sortino: null,
      calmar: null,
      profitFactor: null,
      averageLoss: null,
      maximumDrawdown: 0,
    }));

  it('a benchmark that does not vary has no beta; one of another length is refused', () => {
    expect(returnFigures(rising(30), new Float64Array(30).fill(0.1)).beta).toBeNull();
    expect(() => returnFigures(rising(30), rising(29))).toThrow(RangeError);
  });

  it('returns no account can have are refused', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1.01]) {
      expect(() => returnFigures(column(0.1, bad))).toThrow(RangeError);
    }
  });
});

describe('of any returns', () => {
  const returnsOf = fc.array(fc.double({ min: -1, max: 5, noNaN: true }), { minLength: sampleMin, maxLength: 300 });

  it('every figure is finite or null', () => {
    fc.assert(
      fc.property(returnsOf, returnsOf, (ours, theirs) => {
        const length = Math.min(ours.length, theirs.length);
        const figures = returnFigures(ours.slice(0, length), theirs.slice(0, length));
        const numbers = Object.values(figures).filter((value) => value !== null);
        expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
      }),
    );
  });

  it('the maximum drawdown is the deepest of the drawdowns; the shortfall is no less than the value at risk', () => {
    fc.assert(
      fc.property(returnsOf, (values) => {
        const figures = returnFigures(values);
        expect(figures.maximumDrawdown).toBe(Math.max(...drawdowns(column(...values))));
        expect(figures.expectedShortfall95).toBeGreaterThanOrEqual(figures.valueAtRisk95! - 1e-12);
      }),
    );
  });

  it('half of every return gives the same Sharpe', () => {
    fc.assert(
      fc.property(returnsOf, (values) => {
        const halved = returnFigures(values.map((value) => value / 2)).sharpe;
        expect(halved ?? 0).toBeCloseTo(returnFigures(values).sharpe ?? 0, 9);
      }),
    );
  });
});
