import { correlations, eigensystem, recomposed, withDeviations } from './eigenvalues.ts';
import { sampleCovariance } from './sampleCovariance.ts';
import type { SymmetricMatrix } from './symmetricMatrix.ts';

/** A covariance with its noise averaged away. */
export interface DenoisedCovariance {
  /** Per period. */
  readonly matrix: SymmetricMatrix;
  /** Largest eigenvalue of correlations that noise alone explains. */
  readonly noiseMax: number;
  /** Eigenvalues over it: the factors that were kept. */
  readonly factors: number;
}

const roundsMax = 100;

/**
 * Covariance whose correlations keep the eigenvalues that random returns cannot explain; the others become their
 * average, so that the trace stays. Random returns of variance v have none over v (1 + sqrt(assets / periods))^2, the
 * edge of Marchenko and Pastur (1967); v is the average of the eigenvalues under the edge, found by repetition.
 * Source: López de Prado, "Machine Learning for Asset Managers" (2020), section 2.5, constant residual eigenvalue.
 * @param returns shape [assets][periods], none constant
 */
export function denoisedCovariance(returns: readonly Float64Array[]): DenoisedCovariance {
  const { matrix, deviations } = correlations(sampleCovariance(returns));
  const system = eigensystem(matrix);
  const { size } = matrix;
  const edge = (1 + Math.sqrt(size / returns[0]!.length)) ** 2;
  const noiseBelow = (limit: number): Float64Array => system.values.filter((value) => value <= limit);
  let noiseMax = edge;
  for (let round = 0; round < roundsMax; round += 1) {
    const noise = noiseBelow(noiseMax);
    const next = edge * (noise.reduce((sum, value) => sum + Math.max(0, value), 0) / noise.length);
    // An edge that only sinks ends the search; with nothing below it all are factors.
    if (next >= noiseMax || noise.length === 0) break;
    noiseMax = next;
  }
  const noise = noiseBelow(noiseMax);
  const average = noise.reduce((sum, value) => sum + value, 0) / Math.max(1, noise.length);
  const cleaned = system.values.map((value) => Math.max(0, value <= noiseMax ? average : value));
  return {
    matrix: withDeviations(recomposed(system, cleaned), deviations),
    noiseMax,
    factors: size - noise.length,
  };
}
