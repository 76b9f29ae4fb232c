import { Failure } from '../failure.ts';
import { leastSquares } from './leastSquares.ts';

/** What a unit of net buying moves the price by. */
export interface PriceImpact {
  /** Dollars a share for each share bought net of those sold. */
  readonly lambda: number;
  /** Robust to a spread of the errors that changes (White 1980). */
  readonly standardError: number;
  /** Lambda over its standard error. */
  readonly tStatistic: number;
  /** Dollars the price drifts in an interval without net buying. */
  readonly drift: number;
  readonly rSquared: number;
  /** Intervals it rests on. */
  readonly observations: number;
}

/** Intervals under which Kyle's lambda is not told. */
export const intervalsMin = 30;

/**
 * Kyle's lambda: the slope of the price's change on signed volume, interval by interval. The same slope as the feature
 * `kyleLambda` over as many bars, here with its standard error.
 * Source: Kyle, Continuous Auctions and Insider Trading, Econometrica 53 (1985).
 * @param changes shape [intervals], dollars the middle (or the price) moved
 * @param signedVolumes shape [intervals], shares bought less shares sold
 * @throws Failure OBSERVATIONS_TOO_FEW for fewer than thirty intervals, or signed volume that never varies
 * @throws RangeError when lengths differ or a figure is not finite
 */
export function estimateKyleLambda(changes: readonly number[], signedVolumes: readonly number[]): PriceImpact {
  const constant = changes.map(() => 1);
  const fitted = leastSquares([constant, signedVolumes], changes);
  if (fitted === undefined || fitted.observations < intervalsMin) {
    throw new Failure(
      'OBSERVATIONS_TOO_FEW',
      `${changes.length} intervals of trading do not tell the price impact: ${intervalsMin} different ones do`,
      { observations: changes.length, least: intervalsMin },
    );
  }
  const [drift, lambda] = fitted.coefficients as [number, number];
  const standardError = fitted.standardErrors[1]!;
  return {
    lambda,
    standardError,
    tStatistic: lambda / standardError,
    drift,
    rSquared: fitted.rSquared,
    observations: fitted.observations,
  };
}
