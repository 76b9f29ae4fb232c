import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totalReturn } from '#pipelines/metrics/growth.ts';
import { monteCarlo } from '#pipelines/monteCarlo.ts';
import { reshuffler } from '#pipelines/monteCarlo/reshuffle.ts';
import { randomNumbers } from '../randomBars.ts';

const curve = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 1, maxLength: 80 });

describe('a reshuffle', () => {
  it('keeps every return, and with them the sum of the logarithms: all paths end where the curve ended', () =>
    fc.assert(
      fc.property(curve, fc.integer(), (values, seed) => {
        const returns = Float64Array.from(values);
        const into = new Float64Array(returns.length);
        const draw = reshuffler(
          returns,
          Array.from(values, (_, row) => row + 1),
          randomNumbers(seed),
        );
        for (let time = 0; time < 3; time += 1) {
          draw(into);
          expect(into.toSorted()).toEqual(returns.toSorted());
          expect(totalReturn(into)).toBeCloseTo(totalReturn(returns)!, 8);
        }
      }),
    ));

  it('moves the stretches between trades whole', () => {
    const values = Float64Array.from({ length: 10 }, (_, row) => row);
    const into = new Float64Array(10);
    const draw = reshuffler(values, [3, 4, 8, 10], randomNumbers(1));
    for (let time = 0; time < 50; time += 1) {
      draw(into);
      const joined = [...into].join();
      for (const stretch of ['0,1,2', '4,5,6,7', '8,9']) expect(joined).toContain(stretch);
    }
  });

  it('makes every order equally often', () => {
    const counts = new Map<string, number>();
    const into = new Float64Array(3);
    const draw = reshuffler(Float64Array.of(1, 2, 3), [1, 2, 3], randomNumbers(5));
    for (let time = 0; time < 6_000; time += 1) {
      draw(into);
      counts.set(into.join(), (counts.get(into.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // A deviation is about 29.
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('refuses ends that do not part the curve', () => {
    const values = new Float64Array(5);
    for (const ends of [[], [4], [3, 3, 5], [0, 5], [2, 6], [2.5, 5]]) {
      expect(() => reshuffler(values, ends, randomNumbers(1))).toThrow(RangeError);
    }
  });

  it('as a simulation spreads drawdowns and nothing else; days after the last trade move with each other', () => {
    const next = randomNumbers(4);
    const returns = Float64Array.from({ length: 300 }, () => 0.001 + 0.03 * (next() - 0.5));
    const plan = { method: 'reshuffle', paths: 200, meanBlockSessions: 10, ruinDrawdown: 0.3 } as const;
    for (const tradeEnds of [undefined, [100, 150, 280]]) {
      const result = monteCarlo(returns, { ...plan, ...(tradeEnds && { tradeEnds }) }, randomNumbers(7));
      expect(result.totalReturn.p05).toBeCloseTo(totalReturn(returns)!, 10);
      expect(result.totalReturn.p95).toBeCloseTo(totalReturn(returns)!, 10);
      expect(result.maximumDrawdown.p95!).toBeGreaterThan(result.maximumDrawdown.p05!);
    }
  });
});
