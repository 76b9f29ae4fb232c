import type { NormalDraws } from './normalDraws.ts';
import { portfolioCovariance, type WeightedAssets } from './portfolioCovariance.ts';
import { tailOfSorted, type TailRisk } from './valueAtRisk.ts';

/** A simulated tail, with what chance did to it. */
export interface SimulatedTail extends TailRisk {
  readonly scenarios: number;
  /** Standard errors of both figures, from the number of scenarios alone; fractions. */
  readonly standardErrors: TailRisk;
}

/**
 * Tail of a portfolio in scenarios of jointly normal returns with the assets' own means and covariances (Glasserman
 * 2003, 2.3.3). Every asset is drawn in every scenario; since a portfolio is a weighted sum, the weights go through the
 * covariances' factor once instead of through every scenario. Standard errors: of the quantile, half the distance between
 * the order statistics a binomial deviation above and below it (David and Nagaraja 2003, 7.1); of the shortfall, that of
 * the mean beyond the quantile.
 * @param plan `scenarios` a whole number, at least 1,000; `confidence` in (0.5, 1)
 * @throws RangeError for a plan outside these, and as `portfolioCovariance`
 */
export function monteCarloTail(
  assets: WeightedAssets,
  plan: { readonly scenarios: number; readonly confidence: number },
  draws: NormalDraws,
): SimulatedTail {
  const { scenarios, confidence } = plan;
  if (!(Number.isSafeInteger(scenarios) && scenarios >= 1_000 && confidence > 0.5 && confidence < 1)) {
    throw new RangeError(`cannot simulate ${scenarios} scenarios at ${confidence}`);
  }
  const { mean, factorWeights } = portfolioCovariance(assets);
  const returns = new Float64Array(scenarios);
  draws.fillWeighted(factorWeights, returns);
  for (let scenario = 0; scenario < scenarios; scenario += 1) returns[scenario]! += mean;
  returns.sort();
  const tail = tailOfSorted(returns, confidence);
  return { ...tail, scenarios, standardErrors: standardErrors(returns, tail, confidence) };
}

function standardErrors(sorted: Float64Array, { valueAtRisk }: TailRisk, confidence: number): TailRisk {
  const count = sorted.length;
  const part = 1 - confidence;
  const spread = Math.max(1, Math.round(Math.sqrt(count * part * confidence)));
  const place = Math.round(part * (count - 1));
  const order = (index: number): number => sorted[Math.min(count - 1, Math.max(0, index))]!;
  let [sum, squares] = [0, 0];
  for (let index = 0; index < count && sorted[index]! < -valueAtRisk; index += 1) {
    const beyond = -sorted[index]! - valueAtRisk;
    sum += beyond;
    squares += beyond ** 2;
  }
  const variance = squares / count - (sum / count) ** 2;
  return {
    valueAtRisk: (order(place + spread) - order(place - spread)) / 2,
    expectedShortfall: Math.sqrt(variance / count) / part,
  };
}
