import { Failure } from '#domain/failure.ts';
import { mean, sampleDeviation } from '../metrics/moments.ts';
import { leastPoint } from './nelderMead.ts';

/**
 * GARCH(1,1) of daily returns (Bollerslev 1986): r = mean + √h z, and h of the next session is
 * omega + alpha (r - mean)² + beta h; plain JSON.
 */
export interface GarchModel {
  /** Of a session, a fraction. */
  readonly mean: number;
  /** Squared fraction. */
  readonly omega: number;
  readonly alpha: number;
  readonly beta: number;
}

/** Under this the likelihood is flat: what it would tell is noise. */
export const garchSessionsMin = 250;

/**
 * Fits by maximum likelihood of normal innovations, which is consistent also where they have fatter tails (Bollerslev and
 * Wooldridge 1992). The mean is the sample's; the variance before the first session is that of the sample.
 * @param returns shape [sessions], simple returns as fractions
 * @throws Failure SIMULATION_IMPOSSIBLE for fewer than 250 returns, or returns that do not vary
 */
export function fitGarch(returns: Float64Array): GarchModel {
  const [centre, deviation] = [mean(returns), sampleDeviation(returns)];
  if (returns.length < garchSessionsMin || centre === null || deviation === null || deviation === 0) {
    throw new Failure(
      'SIMULATION_IMPOSSIBLE',
      `a GARCH model needs ${garchSessionsMin} returns that vary; there are ${returns.length}`,
      { sessions: returns.length, needed: garchSessionsMin },
    );
  }
  // In deviations of the sample every parameter is of the order of one.
  const squares = returns.map((value) => ((value - centre) / deviation) ** 2);
  const starts = [
    [logOdds(0.95), logOdds(0.1), Math.log(0.05)],
    [logOdds(0.6), logOdds(0.4), Math.log(0.4)],
  ];
  const found = starts.map((start) => leastPoint(start, (at) => negativeLikelihood(squares, parametersAt(at))));
  const [first, second] = found.map((at) => ({ at, value: negativeLikelihood(squares, parametersAt(at)) }));
  const { omega, alpha, beta } = parametersAt(second!.value < first!.value ? second!.at : first!.at);
  return { mean: centre, omega: omega * deviation ** 2, alpha, beta };
}

/**
 * Paths of a fitted model, each from the variance that its parameters come back to. The innovations are the fit's own
 * standardised residuals, drawn at random (Barone-Adesi, Giannopoulos and Vosper 1999), so that tails are as fat as the
 * curve's; an account cannot lose more than everything, so no return is under -1.
 * @param returns those the model was fitted to
 * @returns writes one path into its argument
 */
export function garchPaths(
  returns: Float64Array,
  model: GarchModel,
  random: () => number,
): (into: Float64Array) => void {
  const { omega, alpha, beta } = model;
  const residuals = standardisedResiduals(returns, model);
  const calm = omega / (1 - alpha - beta);
  return (into) => {
    let variance = calm;
    for (let row = 0; row < into.length; row += 1) {
      const shock = Math.sqrt(variance) * residuals[Math.floor(random() * residuals.length)]!;
      into[row] = Math.max(-1, model.mean + shock);
      variance = omega + alpha * shock * shock + beta * variance;
    }
  };
}

/** Residuals over the model's deviation, of mean zero and deviation one. */
function standardisedResiduals(returns: Float64Array, { mean: centre, omega, alpha, beta }: GarchModel): Float64Array {
  let variance = sampleDeviation(returns)! ** 2;
  const residuals = returns.map((value) => {
    const residual = value - centre;
    const standardised = residual / Math.sqrt(variance);
    variance = omega + alpha * residual ** 2 + beta * variance;
    return standardised;
  });
  const [shift, scale] = [mean(residuals)!, sampleDeviation(residuals)!];
  return residuals.map((value) => (value - shift) / scale);
}

type Parameters = Pick<GarchModel, 'omega' | 'alpha' | 'beta'>;

/** Log-odds of the persistence alpha + beta, of alpha's part of it, and the logarithm of omega: any real number will do. */
function parametersAt([persistence, part, omega]: readonly number[]): Parameters {
  const total = odds(persistence!);
  const alpha = total * odds(part!);
  return { omega: Math.exp(omega!), alpha, beta: total - alpha };
}

/** Twice the negative logarithm of the likelihood a session, less its constant; of squared standardised residuals. */
function negativeLikelihood(squares: Float64Array, { omega, alpha, beta }: Parameters): number {
  let [variance, sum] = [1, 0];
  for (let row = 0; row < squares.length; row += 1) {
    const square = squares[row]!;
    sum += Math.log(variance) + square / variance;
    variance = omega + alpha * square + beta * variance;
  }
  return Number.isFinite(sum) ? sum / squares.length : Number.POSITIVE_INFINITY;
}

function odds(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability));
}
