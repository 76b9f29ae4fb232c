import { Failure } from '../failure.ts';
import { leastSquares } from './leastSquares.ts';

/** An order's slippage, and what it should come from. */
export interface SlippageObservation {
  /** Trading cost over the value at arrival, a fraction; negative where the market came to the order. */
  readonly slippageFraction: number;
  /** Shares, > 0. */
  readonly quantity: number;
  /** Shares a day before the order, > 0. */
  readonly averageDailyVolume: number;
  /** Standard deviation of a day's return before the order, a fraction, >= 0. */
  readonly dailyVolatility: number;
}

/** What our own orders say of spread and impact. */
export interface CostCalibration {
  /** Paid by every share whatever the size, a fraction of the price. */
  readonly halfSpreadFraction: number;
  readonly halfSpreadStandardError: number;
  /** Of the square root: volatilities of a day for a day of volume. */
  readonly impactCoefficient: number;
  readonly impactStandardError: number;
  readonly rSquared: number;
  readonly residualStandardDeviation: number;
  /** Orders it rests on. */
  readonly observations: number;
}

/** Orders under which nothing is calibrated. */
export const calibrationOrdersMin = 30;

/**
 * Half spread and coefficient of the square root of participation that fit orders best, by least squares with White's
 * standard errors. Either may come out negative: what a market did meanwhile is in the slippage too, and the standard
 * error tells how much a figure is worth.
 * Source: as Almgren, Thum, Hauptmann and Li (2005) fit their coefficients, with the square root for their power of 0.6.
 * @throws Failure OBSERVATIONS_TOO_FEW for fewer than thirty orders, or ones whose sizes do not differ
 * @throws RangeError when a figure is not finite, or a volume not positive
 */
export function calibrateCosts(observations: readonly SlippageObservation[]): CostCalibration {
  const root = observations.map(({ quantity, averageDailyVolume, dailyVolatility }) => {
    if (!(quantity > 0 && averageDailyVolume > 0)) throw new RangeError(`${quantity} of ${averageDailyVolume} shares`);
    return dailyVolatility * Math.sqrt(quantity / averageDailyVolume);
  });
  const fitted = leastSquares(
    [root.map(() => 1), root],
    observations.map(({ slippageFraction }) => slippageFraction),
  );
  if (fitted === undefined || fitted.observations < calibrationOrdersMin) {
    throw new Failure(
      'OBSERVATIONS_TOO_FEW',
      `${observations.length} orders do not tell spread and impact: ${calibrationOrdersMin} of different sizes do`,
      { observations: observations.length, least: calibrationOrdersMin },
    );
  }
  const [halfSpreadFraction, impactCoefficient] = fitted.coefficients as [number, number];
  const [halfSpreadStandardError, impactStandardError] = fitted.standardErrors as [number, number];
  return {
    halfSpreadFraction,
    halfSpreadStandardError,
    impactCoefficient,
    impactStandardError,
    rSquared: fitted.rSquared,
    residualStandardDeviation: fitted.residualStandardDeviation,
    observations: fitted.observations,
  };
}
