import { standardNormal } from '../distributions.ts';
import { momentsOf } from './moments.ts';
import type { WeightedAssets } from './portfolioCovariance.ts';

/**
 * How the value at risk of Cornish and Fisher moves with each weight: by mean, deviation, skewness and kurtosis of the
 * portfolio. Source: Boudt, Peterson and Croux, Estimation and decomposition of downside risk for portfolios with
 * non-normal returns, Journal of Risk 11 (2008).
 * @param portfolio shape [sessions], returns of the assets at their weights
 * @returns shape [assets], for a weight of 1
 * @throws RangeError as `momentsOf`
 */
export function cornishFisherSlopes(
  { returns }: WeightedAssets,
  portfolio: Float64Array,
  confidence: number,
): Float64Array {
  const count = portfolio.length;
  const { mean, deviation, skewness: skew, excessKurtosis: kurtosis } = momentsOf(portfolio);
  const away = portfolio.map((value) => value - mean);
  const variance = away.reduce((sum, value) => sum + value ** 2, 0) / count;
  const z = standardNormal.quantile(1 - confidence);
  const [bySkew, byKurtosis, bySquare] = [(z ** 2 - 1) / 6, (z ** 3 - 3 * z) / 24, (2 * z ** 3 - 5 * z) / 36];
  const corrected = z + bySkew * skew + byKurtosis * kurtosis - bySquare * skew ** 2;
  return Float64Array.from(returns, (column) => {
    const own = column.reduce((sum, value) => sum + value, 0) / count;
    let [second, third, fourth] = [0, 0, 0];
    for (const [session, value] of column.entries()) {
      const [from, moved] = [away[session]!, (value - own) / count];
      second += 2 * from * moved;
      third += 3 * from ** 2 * moved;
      fourth += 4 * from ** 3 * moved;
    }
    // Parts of the variance that a weight adds take the ratios' denominators with them.
    const part = second / variance;
    const skewSlope = third / variance ** 1.5 - 1.5 * skew * part;
    const kurtosisSlope = fourth / variance ** 2 - 2 * (kurtosis + 3) * part;
    const quantileSlope = bySkew * skewSlope + byKurtosis * kurtosisSlope - 2 * bySquare * skew * skewSlope;
    return 0 - (own + deviation * ((part / 2) * corrected + quantileSlope));
  });
}
