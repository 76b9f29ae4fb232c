import { diagonal, dot, product, type SymmetricMatrix } from './symmetricMatrix.ts';

/** How spread a portfolio is. */
export interface Diversification {
  /** Positions of equal size that would be as concentrated: one over the sum of squared parts of the gross exposure. */
  readonly effectivePositions: number;
  /** Average volatility of what is held over that of the whole; 1 where nothing is spread. Choueifaty (2008). */
  readonly ratio: number;
  /**
   * Gross exposure in which assets count together as far as they move together: the root of the sum over pairs of
   * weights, without signs for one and the same direction, times correlation. Equal to the gross exposure of one asset,
   * and less the more independent the positions are.
   */
  readonly correlationWeightedExposure: number;
}

/**
 * Figures of diversification; all 0 for an empty portfolio.
 * @param weights shape [assets]
 * @param covariance positive definite, shape [assets, assets]
 */
export function diversification(weights: Float64Array, covariance: SymmetricMatrix): Diversification {
  const gross = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  if (gross === 0) return { effectivePositions: 0, ratio: 0, correlationWeightedExposure: 0 };
  const deviations = diagonal(covariance).map(Math.sqrt);
  const average = weights.reduce((sum, weight, asset) => sum + Math.abs(weight) * deviations[asset]!, 0);
  const variance = dot(product(covariance, weights), weights);
  const scaledWeights = weights.map((weight, asset) => weight / deviations[asset]!);
  return {
    effectivePositions: effectivePositions(weights),
    ratio: average / Math.sqrt(variance),
    correlationWeightedExposure: Math.sqrt(Math.max(0, dot(product(covariance, scaledWeights), scaledWeights))),
  };
}

/** Number of positions of one size that would be as concentrated (the inverse of Herfindahl's index); 0 for none. */
export function effectivePositions(weights: Float64Array): number {
  const gross = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  return gross === 0 ? 0 : gross ** 2 / weights.reduce((sum, weight) => sum + weight ** 2, 0);
}
