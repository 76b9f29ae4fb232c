import { standardNormal } from '#domain/distributions.ts';
import { sharpeError, type SharpeEstimate } from './sharpeEstimate.ts';

/** The Sharpe ratio to beat, of one period, and how sure one wants to be. */
export interface SharpeReference {
  readonly reference: number;
  /** In (0, 1), e.g. 0.95. */
  readonly confidence: number;
}

/**
 * Probabilistic Sharpe ratio (Bailey and Lopez de Prado 2012): the probability that the true ratio exceeds a reference,
 * given the length of the record and the shape of its returns.
 * @param reference Sharpe ratio of one period
 * @returns in [0, 1]
 */
export function probabilisticSharpe(estimate: SharpeEstimate, reference: number): number {
  const above = estimate.sharpe - reference;
  const error = sharpeError(estimate);
  // Two-valued returns can leave nothing uncertain.
  if (error === 0) return above > 0 ? 1 : 0;
  return standardNormal.cumulative(above / error);
}

/**
 * Minimum track record length (Bailey and Lopez de Prado 2012): how many returns of this shape it takes to be confident
 * that the true ratio exceeds the reference.
 * @returns observations, not rounded; null where the estimate does not exceed the reference: no length is enough
 * @throws RangeError for a confidence outside (0, 1)
 */
export function minimumTrackRecord(
  estimate: SharpeEstimate,
  { reference, confidence }: SharpeReference,
): number | null {
  const needed = standardNormal.quantile(confidence);
  const above = estimate.sharpe - reference;
  if (above <= 0) return null;
  const spread = sharpeError(estimate) ** 2 * (estimate.observations - 1);
  return 1 + spread * (needed / above) ** 2;
}
