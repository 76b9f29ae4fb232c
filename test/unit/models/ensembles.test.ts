import { array, assert, asyncProperty, double, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageEnsemble, recentWeights, stackedWeights, weightedEnsemble } from '#models/ensembles.ts';
import { calibrate, forecastAround } from '#models/confidence.ts';
import type { Forecaster } from '#models/forecaster.ts';
import { RandomSource } from '#models/randomSource.ts';
import type { SampleSet } from '#models/training.ts';

/** Forecasts the same means for whatever it is given. */
const fixed = (...means: readonly number[]): Forecaster => ({
  predict: () => Promise.resolve(means.map((mean) => forecastAround(mean, calibrate(Float32Array.of(0))))),
});
const samples = (...labels: readonly number[]): SampleSet => ({
  inputs: new Float32Array(labels.length),
  labels: Float32Array.from(labels),
});
const normal = (count: number, seed: number): Float64Array =>
  Float64Array.from(new RandomSource(seed, 0).fillNormal(new Float32Array(count)));
const squares = (forecasts: readonly Float64Array[], weights: ArrayLike<number>, outcomes: Float64Array): number =>
  outcomes.reduce((sum, outcome, at) => {
    const mixed = forecasts.reduce((total, own, member) => total + weights[member]! * own[at]!, 0);
    return sum + (mixed - outcome) ** 2;
  }, 0);

describe('an ensemble', () => {
  it('forecasts the mean, as sure as it was on samples it was not fitted to', async () => {
    const ensemble = await averageEnsemble([fixed(0.01, 0.03), fixed(0.01, -0.01)], samples(0.03, -0.01));
    const [first, second] = await ensemble.predict(new Float32Array(2));
    expect(first!.mean).toBeCloseTo(0.01, 12);
    expect(second!.mean).toBeCloseTo(0.01, 12);
    // It was off by 0.02 above and below.
    expect(first!.standardDeviation).toBeCloseTo(0.02, 8);
    expect(first!.lower).toBeCloseTo(-0.01, 8);
    expect(first!.upper).toBeCloseTo(0.03, 8);
  });

  it('stays between its members, and is one of them where it has all the weight', async () => {
    const mean = double({ min: -1, max: 1, noNaN: true });
    const weight = double({ min: 0.01, max: 10, noNaN: true });
    const members = array(tuple(mean, weight), { minLength: 1, maxLength: 5 });
    const between = asyncProperty(members, async (given) => {
      const all = given.map(([own]) => fixed(own));
      const weights = given.map(([, own]) => own);
      const [forecast] = await (await weightedEnsemble(all, weights, samples(0))).predict(new Float32Array(1));
      const means = given.map(([own]) => own);
      expect(forecast!.mean).toBeGreaterThanOrEqual(Math.min(...means) - 1e-12);
      expect(forecast!.mean).toBeLessThanOrEqual(Math.max(...means) + 1e-12);
      const alone = weights.map((_, member) => (member === 0 ? 3 : 0));
      const [first] = await (await weightedEnsemble(all, alone, samples(0))).predict(new Float32Array(1));
      expect(first!.mean).toBeCloseTo(means[0]!, 12);
    });
    await expect(assert(between, { numRuns: 50 })).resolves.toBeUndefined();
  });

  it('refuses weights that are none, and another number of them (MODEL_SHAPE_MISMATCH)', async () => {
    const members = [fixed(0), fixed(0)];
    const faulty = [
      [0, 0],
      [-1, 2],
      [Number.NaN, 1],
    ];
    for (const weights of faulty) {
      await expect(weightedEnsemble(members, weights, samples(0))).rejects.toThrow(RangeError);
    }
    const mismatch = { code: 'MODEL_SHAPE_MISMATCH' };
    await expect(weightedEnsemble(members, [1], samples(0))).rejects.toMatchObject(mismatch);
    await expect(averageEnsemble([], samples(0))).rejects.toMatchObject(mismatch);
    expect(() => stackedWeights([new Float64Array(2)], new Float64Array(3))).toThrow(expect.objectContaining(mismatch));
  });
});

describe('weights by recent performance', () => {
  it('are inverse to the mean squared errors, of which older ones count less', () => {
    const outcomes = new Float64Array(2);
    const forecasts = [Float64Array.of(2, 1), Float64Array.of(1, 2)];
    // With a half-life of one sample: (4 / 2 + 1) / 1.5 = 2 and (1 / 2 + 4) / 1.5 = 3.
    const weights = recentWeights(forecasts, outcomes, { halfLife: 1, sharpness: 1 });
    expect(weights[0]).toBeCloseTo(0.6, 12);
    expect(weights[1]).toBeCloseTo(0.4, 12);
    expect([...recentWeights(forecasts, outcomes, { halfLife: 1, sharpness: 0 })]).toEqual([0.5, 0.5]);
  });

  it('follow the member that has become better', () => {
    const outcomes = normal(200, 1);
    const off = normal(200, 2);
    const until = outcomes.map((outcome, at) => outcome + (at < 100 ? 0.1 : 1) * off[at]!);
    const since = outcomes.map((outcome, at) => outcome + (at < 100 ? 1 : 0.1) * off[at]!);
    const [first, second] = recentWeights([until, since], outcomes, { halfLife: 20, sharpness: 1 });
    expect(second).toBeGreaterThan(4 * first!);
  });

  it('go to a member without any error', () => {
    const outcomes = normal(5, 1);
    const weights = recentWeights([outcomes, outcomes.map((value) => value + 1)], outcomes, {
      halfLife: 5,
      sharpness: 1,
    });
    expect(weights[0]).toBeCloseTo(1, 12);
  });
});

describe('stacked weights', () => {
  it('find the mixture that outcomes were made of', () => {
    const members = [normal(300, 1), normal(300, 2), normal(300, 3)];
    const outcomes = members[0]!.map((_, at) => 0.7 * members[0]![at]! + 0.3 * members[2]![at]!);
    const weights = stackedWeights(members, outcomes);
    for (const [member, wanted] of [0.7, 0, 0.3].entries()) expect(weights[member]).toBeCloseTo(wanted, 6);
  });

  it('are never negative, and no step away from the least squares improves them before they are scaled', () => {
    const leastSquares = property(integer(), integer({ min: 1, max: 4 }), (seed, count) => {
      const members = Array.from({ length: count }, (_, member) => normal(40, seed + member));
      const noise = normal(40, seed - 1);
      const outcomes = noise.map((value, at) => value + members.reduce((sum, own) => sum + own[at]!, 0) / count);
      const weights = stackedWeights(members, outcomes);
      expect(weights.every((weight) => weight >= 0)).toBe(true);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      // The scale was divided out: the best multiple of the weights is the least-squares point.
      const mixed = outcomes.map((_, at) => members.reduce((sum, own, member) => sum + weights[member]! * own[at]!, 0));
      const norm = mixed.reduce((sum, value) => sum + value ** 2, 0);
      const scale = mixed.reduce((sum, value, at) => sum + value * outcomes[at]!, 0) / norm;
      if (scale <= 0) return;
      const best = weights.map((weight) => weight * scale);
      for (const member of best.keys()) {
        for (const step of [1e-3, -1e-3]) {
          if (best[member]! + step < 0) continue;
          const moved = best.with(member, best[member]! + step);
          expect(squares(members, moved, outcomes)).toBeGreaterThanOrEqual(squares(members, best, outcomes) - 1e-9);
        }
      }
    });
    assert(leastSquares, { numRuns: 50 });
  });

  it('are all alike where no member helps', () => {
    const members = [normal(10, 1), normal(10, 1)];
    expect([
      ...stackedWeights(
        members,
        members[0]!.map((value) => -value),
      ),
    ]).toEqual([0.5, 0.5]);
  });
});
