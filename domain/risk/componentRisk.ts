import { standardNormal } from '../distributions.ts';
import { portfolioCovariance, type WeightedAssets } from './portfolioCovariance.ts';

/** What each asset adds to a portfolio's value at risk. */
export interface ComponentRisk {
  /** Of the portfolio, a fraction. */
  readonly valueAtRisk: number;
  /** Shape [assets]: how the figure moves with each weight, for a weight of 1. */
  readonly marginal: Float64Array;
  /** Shape [assets]: weight times marginal; they sum to the whole. */
  readonly component: Float64Array;
}

/**
 * Normal value at risk taken apart by Euler's rule: it is homogeneous in the weights, so that weight times slope sums to
 * the whole (Litterman 1996; McNeil, Frey and Embrechts 2015, 8.5).
 * @param confidence in (0.5, 1)
 * @throws RangeError for a confidence outside (0.5, 1), a portfolio that does not vary, and as `portfolioCovariance`
 */
export function componentRisk(assets: WeightedAssets, confidence: number): ComponentRisk {
  if (!(confidence > 0.5 && confidence < 1)) throw new RangeError(`confidence lies in (0.5, 1), not ${confidence}`);
  const { weights } = assets;
  const { mean, means, withPortfolio } = portfolioCovariance(assets);
  const variance = withPortfolio.reduce((sum, covariance, asset) => sum + covariance * weights[asset]!, 0);
  if (!(variance > 0)) throw new RangeError('the portfolio does not vary: no asset adds to its risk');
  const deviation = Math.sqrt(variance);
  const quantile = -standardNormal.quantile(1 - confidence);
  const marginal = withPortfolio.map((covariance, asset) => (quantile * covariance) / deviation - means[asset]!);
  return {
    valueAtRisk: quantile * deviation - mean,
    marginal,
    component: marginal.map((slope, asset) => slope * weights[asset]!),
  };
}
