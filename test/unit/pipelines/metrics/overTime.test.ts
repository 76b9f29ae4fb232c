import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionDate } from '#domain/sessionDate.ts';
import { monthlyReturns } from '#pipelines/metrics/monthlyReturns.ts';
import { beta } from '#pipelines/metrics/againstBenchmark.ts';
import { rollingBeta } from '#pipelines/metrics/rollingBeta.ts';
import { sharpeRatio } from '#pipelines/metrics/ratios.ts';
import { rollingSharpe, rollingSharpeSessions } from '#pipelines/metrics/rollingSharpe.ts';
import { randomNumbers, weekdays } from '../randomBars.ts';

const random = (count: number, seed: number): Float64Array => {
  const next = randomNumbers(seed);
  return Float64Array.from({ length: count }, () => 0.04 * (next() - 0.5));
};

describe('returns by month', () => {
  it('compound within the month and the year; months without sessions are null', () => {
    const sessions = ['2020-11-30', '2021-01-04', '2021-01-05'].map(sessionDate);
    const [before, year] = monthlyReturns(sessions, Float64Array.of(0.1, 0.5, -0.5));
    expect(before!.months[10]).toBeCloseTo(0.1, 12);
    expect(before!.months[11]).toBeNull();
    expect(year).toMatchObject({ year: 2021, total: -0.25 });
    expect(year!.months[0]).toBe(-0.25);
  });

  it('multiply to the total return', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.integer(), (count, seed) => {
        const returns = random(count, seed);
        const years = monthlyReturns(weekdays(count), returns);
        const whole = returns.reduce((growth, value) => growth * (1 + value), 1);
        expect(years.reduce((growth, { total }) => growth * (1 + total), 1)).toBeCloseTo(whole, 10);
        const months = years.flatMap((year) => year.months).filter((change) => change !== null);
        expect(months.reduce((growth, change) => growth * (1 + change), 1)).toBeCloseTo(whole, 10);
      }),
      { numRuns: 30 },
    );
  });

  it('refuse returns of other sessions', () =>
    expect(() => monthlyReturns(weekdays(3), random(2, 1))).toThrow(RangeError));
});

describe('the rolling Sharpe ratio', () => {
  it('is that of the last half year, and null before there is one', () => {
    const returns = random(200, 3);
    const rolling = rollingSharpe(returns);
    expect(rolling.findIndex((value) => value !== null)).toBe(rollingSharpeSessions - 1);
    expect(rolling[180]).toBe(sharpeRatio(returns.slice(181 - rollingSharpeSessions, 181)));
  });
});

describe('beta over half a year', () => {
  it('is that of the last 126 sessions alone, and none before', () => {
    const [returns, benchmark] = [random(130, 5), random(130, 6)];
    const rolling = rollingBeta(returns, benchmark);
    expect(rolling.slice(0, 125).every((value) => value === null)).toBe(true);
    expect(rolling[129]).toBe(beta(returns.subarray(4, 130), benchmark.subarray(4, 130)));
  });

  it('of a curve that moves twice as far as its benchmark is two; of a benchmark that stands still there is none', () => {
    const benchmark = random(126, 7);
    const twice = benchmark.map((value) => 2 * value);
    expect(rollingBeta(twice, benchmark)[125]).toBeCloseTo(2, 12);
    expect(rollingBeta(twice, new Float64Array(126))[125]).toBeNull();
  });
});
