import { standardNormal } from '#domain/distributions.ts';
import { mean, sampleDeviation } from './moments.ts';
import { quantileOfSorted } from '#domain/quantile.ts';

/** Confidence of a tail figure: 0.95 or 0.99. */
export type Confidence = 0.95 | 0.99;

/**
 * Historical value at risk of one session: the loss that the given part of sessions stayed within, the quantile of
 * 1 - confidence with its sign turned. Negative where even that session gained.
 * @returns a fraction; null without returns. Where the tail holds less than one session it lies between the worst two
 */
export function valueAtRisk(returns: Float64Array, confidence: Confidence): number | null {
  const threshold = tailThreshold(returns, confidence);
  return threshold === null ? null : -threshold;
}

/**
 * Historical expected shortfall of one session: mean loss of the sessions at or beyond the value at risk
 * (Rockafellar and Uryasev 2000).
 * @returns a fraction, at least the value at risk; null where that is
 */
export function expectedShortfall(returns: Float64Array, confidence: Confidence): number | null {
  const threshold = tailThreshold(returns, confidence);
  if (threshold === null) return null;
  const shortfall = mean(returns.filter((value) => value <= threshold));
  return shortfall === null ? null : -shortfall;
}

/**
 * Value at risk of one session if returns were normal with the sample's mean and deviation.
 * @returns a fraction; null for fewer than two returns
 */
export function normalValueAtRisk(returns: Float64Array, confidence: Confidence): number | null {
  const deviation = sampleDeviation(returns);
  return deviation === null ? null : -(mean(returns)! + deviation * standardNormal.quantile(1 - confidence));
}

function tailThreshold(returns: Float64Array, confidence: Confidence): number | null {
  return returns.length === 0 ? null : quantileOfSorted(returns.toSorted(), 1 - confidence);
}
