import { calibrate, forecastAround } from './confidence.ts';
import type { Forecaster } from './forecaster.ts';
import { requireShape } from './graph/shape.ts';
import type { SampleSet } from './training.ts';

/**
 * Several forecasters as one: the weighted mean of their means, and as sure as the mixture was on samples that no member
 * was fitted to.
 * @param weights one a member, none negative; they are scaled to sum to one
 * @throws Failure MODEL_SHAPE_MISMATCH when there is no member or not one weight a member; RangeError when a weight is
 *   negative or none is positive, or there are no samples to calibrate on
 */
export async function weightedEnsemble(
  members: readonly Forecaster[],
  weights: ArrayLike<number>,
  { inputs, labels }: SampleSet,
): Promise<Forecaster> {
  requireShape(members.length > 0 && members.length === weights.length, 'weigh members with', [
    [members.length],
    [weights.length],
  ]);
  const shares = sharesOf(Float64Array.from(weights));
  const meansOf = async (given: Float32Array): Promise<Float64Array> => {
    const forecasts = await Promise.all(members.map((member) => member.predict(given)));
    return Float64Array.from(forecasts[0]!, (_, sample) =>
      forecasts.reduce((sum, own, member) => sum + shares[member]! * own[sample]!.mean, 0),
    );
  };
  const known = await meansOf(inputs);
  const calibration = calibrate(labels.map((label, sample) => label - known[sample]!));
  return {
    predict: async (given) => Array.from(await meansOf(given), (mean) => forecastAround(mean, calibration)),
  };
}

/** Several forecasters as one, each counting the same. */
export function averageEnsemble(members: readonly Forecaster[], calibrationSet: SampleSet): Promise<Forecaster> {
  return weightedEnsemble(members, new Float64Array(members.length).fill(1), calibrationSet);
}

/** How recent performance becomes weight. */
export interface RecencySettings {
  /** Samples after which an error counts half. */
  readonly halfLife: number;
  /** Power of the inverse mean squared error; 0 weighs all alike. */
  readonly sharpness: number;
}

/**
 * Weights by recent performance: the inverse of each member's mean squared error, in which older errors count less (Bates
 * and Granger 1969).
 * @param forecasts shape [members][samples], oldest first
 * @param outcomes shape [samples]: what came
 * @returns shape [members], summing to one
 * @throws Failure MODEL_SHAPE_MISMATCH when a member has another number of forecasts, or there is none
 */
export function recentWeights(
  forecasts: readonly Float64Array[],
  outcomes: Float64Array,
  { halfLife, sharpness }: RecencySettings,
): Float64Array {
  requireForecasts(forecasts, outcomes);
  const errors = forecasts.map((own) => {
    let [sum, count] = [0, 0];
    const fading = 0.5 ** (1 / halfLife);
    for (const [at, forecast] of own.entries()) {
      sum = sum * fading + (forecast - outcomes[at]!) ** 2;
      count = count * fading + 1;
    }
    return sum / count;
  });
  // Against the best, so that a member without any error does not divide by nothing.
  const least = Math.max(Math.min(...errors), Number.MIN_VALUE);
  return sharesOf(Float64Array.from(errors, (error) => (least / Math.max(error, least)) ** sharpness));
}

/**
 * Stacking (Wolpert 1992): weights that explain outcomes best in squares, none of them negative (Breiman 1996), found by
 * coordinate descent. Fit on samples that no member was trained on.
 * @param forecasts shape [members][samples]
 * @param outcomes shape [samples]
 * @returns shape [members], summing to one; all alike where no member helps
 * @throws Failure MODEL_SHAPE_MISMATCH when a member has another number of forecasts, or there is none
 */
export function stackedWeights(forecasts: readonly Float64Array[], outcomes: Float64Array): Float64Array {
  requireForecasts(forecasts, outcomes);
  const products = forecasts.map((a) => forecasts.map((b) => dot(a, b)));
  const aims = forecasts.map((a) => dot(a, outcomes));
  const weights = new Float64Array(forecasts.length);
  for (let round = 0; round < roundsMax; round += 1) {
    let moved = 0;
    for (const member of weights.keys()) {
      const own = products[member]![member]!;
      if (own === 0) continue;
      const explained = weights.reduce((sum, weight, other) => sum + weight * products[member]![other]!, 0);
      const better = Math.max(0, weights[member]! + (aims[member]! - explained) / own);
      moved = Math.max(moved, Math.abs(better - weights[member]!));
      weights[member] = better;
    }
    if (moved < 1e-12) break;
  }
  return weights.some((weight) => weight > 0) ? sharesOf(weights) : sharesOf(weights.fill(1));
}

/** Far more than a handful of members needs. */
const roundsMax = 10_000;

function sharesOf(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0 && total < Infinity) || weights.some((weight) => weight < 0)) {
    throw new RangeError(`weights must be positive numbers or zero, not ${[...weights].join(', ')}`);
  }
  return weights.map((weight) => weight / total);
}

function requireForecasts(forecasts: readonly Float64Array[], outcomes: Float64Array): void {
  const fits =
    forecasts.length > 0 && outcomes.length > 0 && forecasts.every(({ length }) => length === outcomes.length);
  requireShape(fits, 'compare forecasts with outcomes:', [
    ...forecasts.map(({ length }) => [length]),
    [outcomes.length],
  ]);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0);
}
