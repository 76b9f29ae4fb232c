import { standardNormal, studentT } from '../distributions.ts';
import { quantileOfSorted } from '../quantile.ts';
import { exponentialVolatility } from './exponentialVolatility.ts';
import { fitStudentT } from './fitStudentT.ts';
import { momentsOf } from './moments.ts';

/** How a tail is estimated. */
export type TailMethod = 'historical' | 'normal' | 'student-t' | 'cornish-fisher' | 'filtered';

/** Losses of one session in the tail, as fractions of what is held; negative where even there it gains. */
export interface TailRisk {
  /** The loss that the part `confidence` of sessions stays within. */
  readonly valueAtRisk: number;
  /** Mean loss of the sessions beyond it, also called CVaR; at least the value at risk. */
  readonly expectedShortfall: number;
}

const estimates: Readonly<Record<TailMethod, (returns: Float64Array, confidence: number) => TailRisk>> = {
  historical: tailOfSample,
  normal: normalTail,
  'student-t': studentTail,
  'cornish-fisher': cornishFisherTail,
  filtered: filteredTail,
};

/**
 * Value at risk and expected shortfall of the next session.
 * - historical: the sample's own quantile by linear interpolation (Hyndman and Fan 1996, type 7), and the mean at or
 *   beyond it (Rockafellar and Uryasev 2000)
 * - normal: mean and sample deviation (J.P. Morgan, RiskMetrics 1996)
 * - student-t: location, scale and degrees of freedom of largest likelihood (McNeil, Frey and Embrechts 2015, 2.3)
 * - cornish-fisher: normal quantile corrected by skewness and kurtosis (Cornish and Fisher 1938; Favre and Galeano 2002)
 * - filtered: returns over the volatility of their day, exponentially weighted, at the volatility of the next one
 *   (Hull and White 1998; Barone-Adesi, Giannopoulos and Vosper 1999)
 * @param returns shape [sessions], daily simple returns, fractions, oldest first
 * @param confidence in (0.5, 1), 0.95 and 0.99 as a rule
 * @throws RangeError for a confidence outside (0.5, 1), a return that is not finite, fewer than two returns, returns that
 *   do not vary, or skewness and kurtosis to which Cornish and Fisher's correction does not apply
 */
export function tailRisk(method: TailMethod, returns: Float64Array, confidence: number): TailRisk {
  if (!(confidence > 0.5 && confidence < 1)) throw new RangeError(`confidence lies in (0.5, 1), not ${confidence}`);
  if (!returns.every(Number.isFinite)) throw new RangeError('a return is not finite');
  return estimates[method](returns, confidence);
}

function tailOfSample(returns: Float64Array, confidence: number): TailRisk {
  return tailOfSorted(returns.toSorted(), confidence);
}

/** The tail of a sample as it is. @param ascending at least one @throws RangeError for none */
export function tailOfSorted(ascending: Float64Array, confidence: number): TailRisk {
  const threshold = quantileOfSorted(ascending, 1 - confidence);
  let [sum, count] = [0, 0];
  while (count < ascending.length && ascending[count]! <= threshold) sum += ascending[count++]!;
  return { valueAtRisk: -threshold, expectedShortfall: -sum / count };
}

function normalTail(returns: Float64Array, confidence: number): TailRisk {
  const { mean, deviation } = momentsOf(returns);
  const quantile = standardNormal.quantile(1 - confidence);
  return {
    valueAtRisk: -(mean + deviation * quantile),
    expectedShortfall: -mean + (deviation * standardNormal.density(quantile)) / (1 - confidence),
  };
}

function studentTail(returns: Float64Array, confidence: number): TailRisk {
  const { location, scale, degreesOfFreedom: freedom } = fitStudentT(returns);
  const distribution = studentT(freedom);
  const quantile = distribution.quantile(1 - confidence);
  const beyond = (distribution.density(quantile) / (1 - confidence)) * ((freedom + quantile ** 2) / (freedom - 1));
  return { valueAtRisk: -(location + scale * quantile), expectedShortfall: -location + scale * beyond };
}

/** A normal number this low comes once in a billion sessions. */
const farthest = -6;

function cornishFisherTail(returns: Float64Array, confidence: number): TailRisk {
  const { mean, deviation, skewness: skew, excessKurtosis: kurtosis } = momentsOf(returns);
  const z = standardNormal.quantile(1 - confidence);
  // The correction is a polynomial a + b z + c z^2 + d z^3; its slope must not turn below the quantile.
  const [a, b] = [-skew / 6, 1 - kurtosis / 8 + (5 * skew ** 2) / 36];
  const [c, d] = [skew / 6, kurtosis / 24 - skew ** 2 / 18];
  const slope = (at: number): number => b + 2 * c * at + 3 * d * at ** 2;
  const turn = d === 0 ? z : -c / (3 * d);
  const lowest = Math.min(slope(z), slope(farthest), turn > farthest && turn < z ? slope(turn) : Infinity);
  if (!(lowest > 0)) {
    const told = `skewness ${skew.toFixed(2)} and excess kurtosis ${kurtosis.toFixed(2)}`;
    throw new RangeError(`Cornish and Fisher's correction does not apply to ${told}`);
  }
  // Moments of a normal number given that it lies below z.
  const hazard = standardNormal.density(z) / (1 - confidence);
  const beyond = a - b * hazard + c * (1 - z * hazard) - d * hazard * (z ** 2 + 2);
  return {
    valueAtRisk: -(mean + deviation * (a + b * z + c * z ** 2 + d * z ** 3)),
    expectedShortfall: -(mean + deviation * beyond),
  };
}

function filteredTail(returns: Float64Array, confidence: number): TailRisk {
  const { volatility, next } = exponentialVolatility(returns);
  return tailOfSample(
    returns.map((value, row) => (value / volatility[row]!) * next),
    confidence,
  );
}
