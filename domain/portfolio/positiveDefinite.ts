import { choleskyFactor } from './cholesky.ts';
import { correlations, eigensystem, recomposed, withDeviations } from './eigenvalues.ts';
import type { SymmetricMatrix } from './symmetricMatrix.ts';

/** What was done to make a covariance positive definite. */
export type CovarianceRepair =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'eigenvaluesRaised';
      /** Eigenvalues of the correlations that were raised to the floor. */
      readonly raised: number;
      /** Least eigenvalue of the correlations before. */
      readonly eigenvalueMin: number;
      readonly floor: number;
      /** Length of the change over that of the matrix, both as sums of squared entries under a root. */
      readonly changeFraction: number;
    };

/** Part of an asset's variance that others must leave unexplained: less is rounding. */
const ownVarianceFractionMin = 1e-10;
/** Eigenvalues of correlations are raised to this part of the largest. */
const eigenvalueFractionMin = 1e-8;

/**
 * A positive definite matrix as near as raising eigenvalues gets: correlations whose eigenvalues are too small are put
 * together again with a floor, and every asset keeps its variance. A matrix that is positive definite is left as it is.
 * Source: Rebonato and Jäckel, "The Most General Methodology to Create a Valid Correlation Matrix" (1999), spectral.
 * @param covariance every variance positive
 */
export function positiveDefinite(covariance: SymmetricMatrix): {
  readonly matrix: SymmetricMatrix;
  readonly repair: CovarianceRepair;
} {
  if (choleskyFactor(covariance, ownVarianceFractionMin)) return { matrix: covariance, repair: { kind: 'none' } };
  const { matrix, deviations } = correlations(covariance);
  const system = eigensystem(matrix);
  const floor = eigenvalueFractionMin * system.values.reduce((most, value) => Math.max(most, value), 0);
  const repaired = withDeviations(
    recomposed(
      system,
      system.values.map((value) => Math.max(floor, value)),
    ),
    deviations,
  );
  return {
    matrix: repaired,
    repair: {
      kind: 'eigenvaluesRaised',
      raised: system.values.filter((value) => value < floor).length,
      eigenvalueMin: system.values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
      floor,
      changeFraction:
        Math.sqrt(covariance.values.reduce((sum, value, place) => sum + (value - repaired.values[place]!) ** 2, 0)) /
        Math.sqrt(covariance.values.reduce((sum, value) => sum + value ** 2, 0)),
    },
  };
}
