import { studentT } from '../distributions.ts';
import { momentsOf } from './moments.ts';

/** A Student t distribution of returns. */
export interface StudentFit {
  /** Fraction. */
  readonly location: number;
  /** Fraction; times the root of freedom / (freedom - 2) it is the deviation. */
  readonly scale: number;
  /** In [2.1, 200]: below the deviation is unknown, above it is a normal distribution. */
  readonly degreesOfFreedom: number;
}

/** Degrees of freedom that are looked at. */
export const freedomRange = [2.1, 200] as const;
const toleranceOfLogFreedom = 1e-7;
const roundsMax = 500;

/**
 * Location, scale and degrees of freedom of largest likelihood: for each freedom by reweighting (Liu and Rubin 1995), the
 * freedom by golden section on its logarithm (Kiefer 1953).
 * @param returns shape [sessions], fractions, finite, that vary
 * @throws RangeError for fewer than two returns, or returns that do not vary
 */
export function fitStudentT(returns: Float64Array): StudentFit {
  momentsOf(returns);
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(freedomRange[0]), Math.log(freedomRange[1])];
  const at = (logFreedom: number) => fitGiven(returns, Math.exp(logFreedom));
  let [left, right] = [at(high - golden * (high - low)), at(low + golden * (high - low))];
  while (high - low > toleranceOfLogFreedom) {
    if (left.logLikelihood >= right.logLikelihood) {
      high = low + golden * (high - low);
      [left, right] = [at(high - golden * (high - low)), left];
    } else {
      low = high - golden * (high - low);
      [left, right] = [right, at(low + golden * (high - low))];
    }
  }
  const { location, scale, degreesOfFreedom } = at((low + high) / 2);
  return { location, scale, degreesOfFreedom };
}

function fitGiven(returns: Float64Array, freedom: number): StudentFit & { readonly logLikelihood: number } {
  const { mean, deviation } = momentsOf(returns);
  let location = mean;
  let variance = (deviation ** 2 * (freedom - 2)) / freedom;
  for (let round = 0; round < roundsMax; round += 1) {
    let [weights, weighted] = [0, 0];
    for (const value of returns) {
      const weight = (freedom + 1) / (freedom + (value - location) ** 2 / variance);
      weights += weight;
      weighted += weight * value;
    }
    const centre = weighted / weights;
    let squares = 0;
    for (const value of returns) {
      squares += ((freedom + 1) * (value - centre) ** 2) / (freedom + (value - location) ** 2 / variance);
    }
    // Divided by the sum of weights it converges faster, to the same place (Kent, Tyler and Vardi 1994).
    const next = squares / weights;
    const settled = Math.abs(next - variance) <= 1e-12 * variance && Math.abs(centre - location) <= 1e-9 * deviation;
    [location, variance] = [centre, next];
    if (settled) break;
  }
  const scale = Math.sqrt(variance);
  // The density's constant is the same for all: only the kernel is summed.
  const constant = Math.log(studentT(freedom).density(0)) - Math.log(scale);
  let logLikelihood = returns.length * constant;
  for (const value of returns)
    logLikelihood -= ((freedom + 1) / 2) * Math.log1p((value - location) ** 2 / variance / freedom);
  return { location, scale, degreesOfFreedom: freedom, logLikelihood };
}
