import { portfolioReturns, type AssetReturns } from './assetReturns.ts';
import { conditionalValueAtRisk } from './conditionalValueAtRisk.ts';
import { diversification, type Diversification } from './diversification.ts';
import type { Moments } from './frontier.ts';
import { riskContributions } from './riskParity.ts';
import { dot, quadraticForm } from './symmetricMatrix.ts';

/** What is expected of weights. */
export interface PortfolioFigures {
  /** A year's, fraction, before costs. */
  readonly expectedReturn: number;
  /** A year's, fraction. */
  readonly volatility: number;
  /** Expected return over the risk-free rate, per volatility. */
  readonly sharpe: number;
  /** Mean of the worst twentieth of the periods' returns at these weights, as a loss, fraction of capital. */
  readonly conditionalValueAtRisk95: number;
  readonly diversification: Diversification;
  /** Part of the variance that each asset brings, shape [assets]. */
  readonly riskContributions: readonly number[];
}

/**
 * Figures of weights under what is expected of the assets.
 * @param weights shape [assets]
 * @param riskFreeRate a year's, fraction
 */
export function portfolioFigures(
  weights: Float64Array,
  { moments, history, riskFreeRate }: Readonly<{ moments: Moments; history: AssetReturns; riskFreeRate: number }>,
): PortfolioFigures {
  const expectedReturn = dot(moments.expected, weights);
  const volatility = Math.sqrt(quadraticForm(moments.covariance, weights));
  const capital = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    expectedReturn,
    volatility,
    sharpe: volatility === 0 ? 0 : (expectedReturn - riskFreeRate * capital) / volatility,
    conditionalValueAtRisk95: conditionalValueAtRisk(portfolioReturns(history, weights), 0.95),
    diversification: diversification(weights, moments.covariance),
    riskContributions: Array.from(riskContributions(moments.covariance, weights)),
  };
}
