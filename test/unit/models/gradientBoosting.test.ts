import { assert, asyncProperty, integer } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boostedForecaster, usualBoostingSettings } from '#models/gradientBoosting.ts';
import { RandomSource } from '#models/randomSource.ts';
import type { SampleSet } from '#models/training.ts';

const shape = { windowSessions: 2, features: 3 };

function samples(count: number, seed: number, labelOf: (row: Float32Array, noise: number) => number): SampleSet {
  const random = new RandomSource(seed, 0);
  const inputs = random.fillNormal(new Float32Array(count * 6));
  const noise = random.fillNormal(new Float32Array(count));
  return { inputs, labels: noise.map((value, at) => labelOf(inputs.subarray(at * 6 + 3, at * 6 + 6), value)) };
}
async function meanSquares(training: SampleSet, test: SampleSet): Promise<{ own: number; naive: number }> {
  const forecasts = await (await boostedForecaster(training, shape)).predict(test.inputs);
  const mean = training.labels.reduce((sum, label) => sum + label, 0) / training.labels.length;
  const error = (of: (at: number) => number): number =>
    test.labels.reduce((sum, label, at) => sum + (label - of(at)) ** 2, 0) / test.labels.length;
  return { own: error((at) => forecasts[at]!.mean), naive: error(() => mean) };
}

describe('gradient boosting', () => {
  it('finds one split exactly as it is worked out by hand', async () => {
    const inputs = Float32Array.of(...[1, 2, 3, 4].flatMap((value) => [0, 0, 0, value, 0, 0]));
    const labels = Float32Array.of(0, 0, 1, 5);
    const settings = { trees: 1, depth: 1, learningRate: 0.5, leafSamplesMin: 1, bins: 4 };
    const forecasts = await (await boostedForecaster({ inputs, labels }, shape, settings)).predict(inputs);
    // The mean is 1.5; parting the last takes most off: 1/3 is left of it, 5 right; half of each difference counts.
    const [left, right] = [1.5 + 0.5 * (1 / 3 - 1.5), 1.5 + 0.5 * (5 - 1.5)];
    for (const [at, wanted] of [left, left, left, right].entries()) expect(forecasts[at]!.mean).toBeCloseTo(wanted, 12);
  });

  it('learns what no straight line can, on samples it has not seen', async () => {
    const product = (row: Float32Array): number => (row[0]! > 0 === row[1]! > 0 ? 1 : -1);
    const { own, naive } = await meanSquares(samples(2_000, 1, product), samples(500, 2, product));
    expect(own).toBeLessThan(0.4 * naive);
  });

  it('does little harm where there is nothing to learn', async () => {
    const nothing = (_: Float32Array, noise: number): number => noise;
    const { own, naive } = await meanSquares(samples(2_000, 1, nothing), samples(2_000, 2, nothing));
    expect(own).toBeLessThan(1.15 * naive);
  });

  it('forecasts within the labels it saw, and the same for the same samples', async () => {
    const within = asyncProperty(integer(), integer({ min: 1, max: 80 }), async (seed, count) => {
      const training = samples(count, seed, (row, noise) => row[0]! + noise);
      const settings = { ...usualBoostingSettings, trees: 20, leafSamplesMin: 1 };
      const test = samples(20, seed + 1, () => 0);
      const forecasts = await (await boostedForecaster(training, shape, settings)).predict(test.inputs);
      expect(await (await boostedForecaster(training, shape, settings)).predict(test.inputs)).toEqual(forecasts);
      for (const { mean, standardDeviation } of forecasts) {
        expect(mean).toBeGreaterThanOrEqual(Math.min(...training.labels) - 1e-6);
        expect(mean).toBeLessThanOrEqual(Math.max(...training.labels) + 1e-6);
        expect(standardDeviation).toBeGreaterThan(0);
      }
    });
    await expect(assert(within, { numRuns: 20 })).resolves.toBeUndefined();
  });

  it('refuses labels that do not fit (MODEL_SHAPE_MISMATCH), no samples at all, and bins beyond counting', async () => {
    const unlike = { inputs: new Float32Array(6), labels: new Float32Array(2) };
    await expect(boostedForecaster(unlike, shape)).rejects.toMatchObject({ code: 'MODEL_SHAPE_MISMATCH' });
    const none = { inputs: new Float32Array(), labels: new Float32Array() };
    await expect(boostedForecaster(none, shape)).rejects.toThrow(RangeError);
    const nine = samples(9, 1, () => 0);
    const settings = { ...usualBoostingSettings, bins: 257 };
    await expect(boostedForecaster(nine, shape, settings)).rejects.toThrow(/not 2 to 256 bins: 257/);
  });
});
