import { centred, sampleCovariance } from './sampleCovariance.ts';
import { diagonal, type SymmetricMatrix } from './symmetricMatrix.ts';

/** A covariance drawn toward a simpler one. */
export interface ShrunkCovariance {
  /** Per period. */
  readonly matrix: SymmetricMatrix;
  /** Weight of the simpler one, from 0 to 1. */
  readonly shrinkage: number;
}

/**
 * Covariance drawn toward one in which every two assets have the average correlation and keep their own variance, by
 * the weight with the least expected squared error.
 * Source: Ledoit and Wolf, "Honey, I Shrunk the Sample Covariance Matrix" (2004), appendix B.
 * @param returns shape [assets][periods], none constant
 */
export function shrunkToConstantCorrelation(returns: readonly Float64Array[]): ShrunkCovariance {
  const sample = sampleCovariance(returns, 0);
  const { size, values } = sample;
  const deviations = diagonal(sample).map(Math.sqrt);
  let correlations = 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < row; column += 1) {
      correlations += values[row * size + column]! / (deviations[row]! * deviations[column]!);
    }
  }
  const average = size > 1 ? correlations / ((size * (size - 1)) / 2) : 0;
  const target = values.map((variance, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    return row === column ? variance : average * deviations[row]! * deviations[column]!;
  });
  const { total, own, shared } = errorsOfSample(centred(returns), { sample, deviations });
  const distance = squaredDistance(values, target);
  const intensity = distance === 0 ? 1 : (total - own - average * shared) / distance / returns[0]!.length;
  return drawn(sample, target, intensity);
}

/**
 * Covariance drawn toward the identity times the average variance, by the weight with the least expected squared error.
 * Source: Ledoit and Wolf, "A Well-Conditioned Estimator for Large-Dimensional Covariance Matrices" (2004); the same as
 * scikit-learn's `LedoitWolf`.
 * @param returns shape [assets][periods]
 */
export function shrunkToIdentity(returns: readonly Float64Array[]): ShrunkCovariance {
  const sample = sampleCovariance(returns, 0);
  const { size, values } = sample;
  const variance = diagonal(sample).reduce((sum, value) => sum + value, 0) / size;
  const target = values.map((_, place) => (place % (size + 1) === 0 ? variance : 0));
  const error = (meanSquaredLength(centred(returns)) - squaredDistance(values)) / returns[0]!.length;
  const distance = squaredDistance(values, target);
  return drawn(sample, target, distance === 0 ? 1 : error / distance);
}

function drawn(sample: SymmetricMatrix, target: Float64Array, intensity: number): ShrunkCovariance {
  // The estimate of the best weight is not held to the range that weights have.
  const shrinkage = Math.min(1, Math.max(0, intensity));
  const values = sample.values.map((value, place) => shrinkage * target[place]! + (1 - shrinkage) * value);
  return { matrix: { size: sample.size, values }, shrinkage };
}

/**
 * Sums of asymptotic (co)variances of the sample's entries: `total` over all, `own` over the diagonal, `shared` those
 * with the constant-correlation target, over its correlation. Sums over pairs are taken a period at a time, which needs
 * no matrix.
 */
function errorsOfSample(
  series: readonly Float64Array[],
  { sample, deviations }: { readonly sample: SymmetricMatrix; readonly deviations: Float64Array },
): { readonly total: number; readonly own: number; readonly shared: number } {
  const { size, values } = sample;
  const periods = series[0]!.length;
  const [cubes, lengths] = [new Float64Array(periods), new Float64Array(periods)];
  let own = 0;
  let shared = 0;
  series.forEach((one, asset) => {
    const [deviation, variance] = [deviations[asset]!, values[asset * size + asset]!];
    let fourth = 0;
    for (let period = 0; period < periods; period += 1) {
      const value = one[period]!;
      cubes[period]! += value ** 3 / deviation;
      lengths[period]! += value * deviation;
      fourth += value ** 4;
    }
    own += fourth / periods - variance ** 2;
    // The pair of an asset with itself is in the sums below, and is none.
    shared -= fourth / periods;
    for (let other = 0; other < size; other += 1) {
      if (other !== asset) shared -= (deviations[other]! / deviation) * variance * values[asset * size + other]!;
    }
  });
  for (let period = 0; period < periods; period += 1) shared += (cubes[period]! * lengths[period]!) / periods;
  return { total: meanSquaredLength(series) - squaredDistance(values), own, shared };
}

/** Mean over periods of the squared sum of squares. */
function meanSquaredLength(series: readonly Float64Array[]): number {
  const periods = series[0]!.length;
  const squares = new Float64Array(periods);
  for (const one of series) for (let period = 0; period < periods; period += 1) squares[period]! += one[period]! ** 2;
  return squares.reduce((sum, square) => sum + square ** 2, 0) / periods;
}

function squaredDistance(values: Float64Array, from?: Float64Array): number {
  return values.reduce((sum, value, place) => sum + (value - (from?.[place] ?? 0)) ** 2, 0);
}
