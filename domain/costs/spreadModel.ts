import { Failure } from '../failure.ts';
import { leastSquares } from './leastSquares.ts';

/** What a share's spread was, and how it traded then. */
export interface SpreadObservation {
  /** Quoted spread over the price, a fraction, > 0. */
  readonly spreadFraction: number;
  /** Standard deviation of a day's return, a fraction, > 0. */
  readonly dailyVolatility: number;
  /** Dollars traded a day, > 0. */
  readonly dailyDollarVolume: number;
}

/** Logarithm of the spread as a constant and parts of the logarithms of volatility and dollar volume. */
export interface SpreadModel {
  readonly constant: number;
  readonly volatilityExponent: number;
  readonly volumeExponent: number;
  /** Of constant, volatility exponent and volume exponent. */
  readonly standardErrors: readonly number[];
  readonly rSquared: number;
  /** Standard deviation of the logarithm of what the model leaves. */
  readonly residualStandardDeviation: number;
  readonly observations: number;
}

/** Observations under which no model of spreads is fitted. */
export const spreadObservationsMin = 10;

/**
 * Fits spreads to volatility and volume across shares or times, by least squares of logarithms.
 * Source: Stoll, Friction, Journal of Finance 55 (2000): spreads rise with volatility and fall with dollar volume.
 * @throws Failure OBSERVATIONS_TOO_FEW for fewer than ten observations, or ones that do not tell volatility from volume
 * @throws RangeError when a figure is not finite and positive
 */
export function fitSpreadModel(observations: readonly SpreadObservation[]): SpreadModel {
  for (const { spreadFraction, dailyVolatility, dailyDollarVolume } of observations) {
    const isFit = [spreadFraction, dailyVolatility, dailyDollarVolume].every((one) => one > 0 && Number.isFinite(one));
    if (!isFit) throw new RangeError(`no spread to fit: ${spreadFraction}, ${dailyVolatility}, ${dailyDollarVolume}`);
  }
  const logarithms = (of: (one: SpreadObservation) => number): readonly number[] =>
    observations.map((one) => Math.log(of(one)));
  const fitted =
    observations.length < spreadObservationsMin
      ? undefined
      : leastSquares(
          [
            observations.map(() => 1),
            logarithms(({ dailyVolatility }) => dailyVolatility),
            logarithms(({ dailyDollarVolume }) => dailyDollarVolume),
          ],
          logarithms(({ spreadFraction }) => spreadFraction),
        );
  if (fitted === undefined) {
    throw new Failure(
      'OBSERVATIONS_TOO_FEW',
      `${observations.length} spreads do not tell how volatility and volume make them: ${spreadObservationsMin} different ones do`,
      { observations: observations.length, least: spreadObservationsMin },
    );
  }
  const { coefficients, ...fit } = fitted;
  const [constant, volatilityExponent, volumeExponent] = coefficients as [number, number, number];
  return { constant, volatilityExponent, volumeExponent, ...fit };
}

/**
 * The median spread by a fitted model, a fraction of the price.
 * @throws RangeError when volatility or volume is not finite and positive
 */
export function modelledSpread(
  model: Pick<SpreadModel, 'constant' | 'volatilityExponent' | 'volumeExponent'>,
  { dailyVolatility, dailyDollarVolume }: Omit<SpreadObservation, 'spreadFraction'>,
): number {
  if (!(dailyVolatility > 0 && dailyDollarVolume > 0 && Number.isFinite(dailyVolatility + dailyDollarVolume))) {
    throw new RangeError(`no spread by volatility ${dailyVolatility} and volume ${dailyDollarVolume}`);
  }
  const { constant, volatilityExponent, volumeExponent } = model;
  return Math.exp(
    constant + volatilityExponent * Math.log(dailyVolatility) + volumeExponent * Math.log(dailyDollarVolume),
  );
}
