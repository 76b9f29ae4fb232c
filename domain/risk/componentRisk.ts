import { standardNormal } from '../distributions.ts';
import { cornishFisherSlopes } from './cornishFisherSlopes.ts';
import { momentsOf } from './moments.ts';
import { portfolioCovariance, type WeightedAssets } from './portfolioCovariance.ts';
import { studentSlopes } from './studentSlopes.ts';
import { tailRisk, type TailMethod } from './valueAtRisk.ts';

/** What each asset adds to a portfolio's value at risk. */
export interface ComponentRisk {
  /** Of the portfolio, a fraction. */
  readonly valueAtRisk: number;
  /** Shape [assets]: how the figure moves with each weight, for a weight of 1. */
  readonly marginal: Float64Array;
  /** Shape [assets]: weight times marginal; they sum to the whole. */
  readonly component: Float64Array;
}

/** Ways to estimate a tail whose figure is taken apart by asset. */
export const componentMethods = ['historical', 'normal', 'student-t', 'cornish-fisher'] as const;

/** One of them. */
export type ComponentMethod = Extract<TailMethod, (typeof componentMethods)[number]>;

/** Slopes of assets in a portfolio of returns of shape [sessions]. */
type Slopes = (assets: WeightedAssets, portfolio: Float64Array, confidence: number) => Float64Array;

const slopes: Readonly<Record<ComponentMethod, Slopes>> = {
  historical: historicalSlopes,
  normal: normalSlopes,
  'student-t': studentSlopes,
  'cornish-fisher': cornishFisherSlopes,
};

/**
 * Value at risk taken apart by Euler's rule: it is homogeneous in the weights, so that weight times slope sums to the
 * whole (Litterman 1996; Tasche 1999; McNeil, Frey and Embrechts 2015, 8.5). Each slope is that of the figure which
 * `tailRisk` tells by the method:
 * - historical: the assets' losses in the sessions that the quantile lies between (Hallerbach 2003)
 * - normal: covariance with the portfolio
 * - student-t: what a weight does to location, scale and degrees of freedom of largest likelihood, by implicit slopes of
 *   the likelihood's conditions
 * - cornish-fisher: what it does to four moments (Boudt, Peterson and Croux 2008)
 * @param confidence in (0.5, 1)
 * @throws RangeError for a confidence outside (0.5, 1), a portfolio that does not vary, as `tailRisk`, and as
 *   `portfolioCovariance`
 */
export function componentRisk(
  assets: WeightedAssets,
  confidence: number,
  method: ComponentMethod = 'normal',
): ComponentRisk {
  if (!(confidence > 0.5 && confidence < 1)) throw new RangeError(`confidence lies in (0.5, 1), not ${confidence}`);
  const { withPortfolio } = portfolioCovariance(assets);
  const { weights } = assets;
  const variance = withPortfolio.reduce((sum, covariance, asset) => sum + covariance * weights[asset]!, 0);
  if (!(variance > 0)) throw new RangeError('the portfolio does not vary: no asset adds to its risk');
  const portfolio = portfolioOf(assets);
  const { valueAtRisk } = tailRisk(method, portfolio, confidence);
  const marginal = slopes[method](assets, portfolio, confidence);
  return { valueAtRisk, marginal, component: marginal.map((slope, asset) => slope * weights[asset]!) };
}

function normalSlopes(assets: WeightedAssets, portfolio: Float64Array, confidence: number): Float64Array {
  const { means, withPortfolio } = portfolioCovariance(assets);
  const { deviation } = momentsOf(portfolio);
  const quantile = 0 - standardNormal.quantile(1 - confidence);
  return withPortfolio.map((covariance, asset) => (quantile * covariance) / deviation - means[asset]!);
}

function historicalSlopes({ returns }: WeightedAssets, portfolio: Float64Array, confidence: number): Float64Array {
  const ascending = Array.from(portfolio.keys()).sort((one, other) => portfolio[one]! - portfolio[other]!);
  const place = (1 - confidence) * (ascending.length - 1);
  const below = Math.floor(place);
  const [low, high] = [ascending[below]!, ascending[Math.min(below + 1, ascending.length - 1)]!];
  return Float64Array.from(returns, (column) => 0 - (column[low]! + (column[high]! - column[low]!) * (place - below)));
}

/** Shape [sessions]. */
function portfolioOf({ returns, weights }: WeightedAssets): Float64Array {
  return Float64Array.from(returns[0] ?? [], (_, session) =>
    returns.reduce((sum, column, asset) => sum + weights[asset]! * column[session]!, 0),
  );
}
