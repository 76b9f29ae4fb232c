import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockBootstrap } from '#pipelines/blockBootstrap.ts';
import { returnFigures } from '#pipelines/metrics.ts';
import { monteCarlo } from '#pipelines/monteCarlo.ts';
import { randomNumbers } from './randomBars.ts';

const plan = { method: 'bootstrap' as const, paths: 200, meanBlockSessions: 10, ruinDrawdown: 0.2 };

function returnsOf(sessions: number, seed: number): Float64Array {
  const next = randomNumbers(seed);
  return Float64Array.from({ length: sessions }, () => 0.0005 + 0.02 * (next() - 0.5));
}

describe('the block bootstrap', () => {
  const draw = (values: Float64Array, meanBlockSessions: number, length: number): Float64Array => {
    const into = new Float64Array(length);
    blockBootstrap(values, { meanBlockSessions, random: randomNumbers(1), into });
    return into;
  };
  const positions = Float64Array.from({ length: 500 }, (_, row) => row);

  it('keeps sessions in a row: a mean block of ten breaks a tenth of the neighbours, wrapping round the end', () => {
    const drawn = draw(positions, 10, 100_000);
    const broken = drawn.filter((at, row) => row > 0 && at !== (drawn[row - 1]! + 1) % 500).length;
    // A standard deviation is about 95.
    expect(Math.abs(broken - 10_000 * (499 / 500))).toBeLessThan(400);
  });

  it('draws every session equally often', () => {
    const counts = new Float64Array(500);
    for (const at of draw(positions, 10, 500_000)) counts[at]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(600);
    expect(Math.max(...counts)).toBeLessThan(1_400);
  });

  it('with blocks of one session is the plain bootstrap', () => {
    const drawn = draw(positions, 1, 50_000);
    const inARow = drawn.filter((at, row) => row > 0 && at === (drawn[row - 1]! + 1) % 500).length;
    expect(inARow).toBeLessThan(200);
  });

  it('refuses to resample nothing, or blocks of less than a session', () => {
    expect(() => draw(new Float64Array(), 10, 5)).toThrow(RangeError);
    expect(() => draw(positions, 0.5, 5)).toThrow(RangeError);
    expect(() => draw(positions, Number.NaN, 5)).toThrow(RangeError);
  });
});

describe('Monte Carlo over daily returns', () => {
  it('gives the same paths for the same seed and others for another', () => {
    const returns = returnsOf(300, 3);
    const first = monteCarlo(returns, plan, randomNumbers(7));
    expect(monteCarlo(returns, plan, randomNumbers(7))).toEqual(first);
    expect(monteCarlo(returns, plan, randomNumbers(8))).not.toEqual(first);
  });

  it('of one path is that path: every percentile is the figure of the metrics', () => {
    const returns = returnsOf(100, 5);
    const path = new Float64Array(100);
    blockBootstrap(returns, { meanBlockSessions: 10, random: randomNumbers(9), into: path });
    const figures = returnFigures(path);
    const result = monteCarlo(returns, { ...plan, paths: 1 }, randomNumbers(9));
    expect(result.totalReturn.p05).toBeCloseTo(figures.totalReturn!, 12);
    expect(result.maximumDrawdown.p95).toBeCloseTo(figures.maximumDrawdown!, 12);
    expect(result.sharpe.p50).toBeCloseTo(figures.sharpe!, 10);
    expect(result.fan[2]!.values.at(-1)).toBeCloseTo(1 + figures.totalReturn!, 12);
  });

  it('of returns that never vary has no spread, no Sharpe, and no ruin', () => {
    const result = monteCarlo(new Float64Array(50).fill(0.01), plan, randomNumbers(1));
    expect(result.totalReturn.p05).toBe(result.totalReturn.p95);
    expect(result.sharpe).toEqual({ p05: null, p25: null, p50: null, p75: null, p95: null });
    expect(result).toMatchObject({ ruinProbability: 0, lossProbability: 0 });
  });

  it('is sure of ruin when every session loses', () =>
    expect(monteCarlo(new Float64Array(50).fill(-0.01), plan, randomNumbers(1))).toMatchObject({
      ruinProbability: 1,
      lossProbability: 1,
    }));

  it('spreads terminal values as independent returns must: the variance of sums', () => {
    const returns = returnsOf(252, 11);
    const result = monteCarlo(returns, { ...plan, paths: 4_000, meanBlockSessions: 1 }, randomNumbers(2));
    const { annualVolatility } = returnFigures(returns);
    // Of a normal spread, 5 to 95 percent are 3.29 deviations of the logarithm.
    const spread = Math.log1p(result.totalReturn.p95!) - Math.log1p(result.totalReturn.p05!);
    expect(spread / 3.29).toBeCloseTo(annualVolatility!, 2);
  });

  it('has a fan that starts at one dollar, never crosses itself and ends at the terminal percentiles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 60 }), (sessions, seed) => {
        const result = monteCarlo(returnsOf(sessions, seed), { ...plan, paths: 40 }, randomNumbers(seed));
        expect(result.fanSessions[0]).toBe(0);
        expect(result.fanSessions.at(-1)).toBe(sessions);
        expect(result.fanSessions.length).toBeLessThanOrEqual(61);
        expect(result.fanSessions.every((at, point) => point === 0 || at > result.fanSessions[point - 1]!)).toBe(true);
        for (const [line, { values }] of result.fan.entries()) {
          expect(values[0]).toBe(1);
          expect(values.every((value, point) => line === 0 || value >= result.fan[line - 1]!.values[point]!)).toBe(
            true,
          );
        }
        expect(result.fan[2]!.values.at(-1)).toBeCloseTo(1 + result.totalReturn.p50!, 12);
      }),
      { numRuns: 50 },
    );
  });

  it('knows a path that does not vary from one that varies little beside its mean', () => {
    // Of two values a path may be one of them throughout: it has no Sharpe ratio, whatever cancels.
    const result = monteCarlo([0.01, 0.02], { ...plan, paths: 400 }, randomNumbers(3));
    for (const value of Object.values(result.sharpe)) expect(value! < 100).toBe(true);
    const near = returnsOf(252, 3).map((value) => 0.5 + value * 1e-7);
    const { sharpe } = monteCarlo(near, { ...plan, paths: 1, meanBlockSessions: 1 }, randomNumbers(5));
    const path = new Float64Array(252);
    blockBootstrap(near, { meanBlockSessions: 1, random: randomNumbers(5), into: path });
    expect(sharpe.p50! / returnFigures(path).sharpe!).toBeCloseTo(1, 6);
  });

  it('refuses no returns and no paths', () => {
    expect(() => monteCarlo([], plan, randomNumbers(1))).toThrow(RangeError);
    expect(() => monteCarlo([0.1], { ...plan, paths: 0 }, randomNumbers(1))).toThrow(RangeError);
  });
});
