import { Failure } from '#domain/failure.ts';

/** Returns of assets over the same periods. */
export interface AssetReturns {
  /** Shape [assets]. */
  readonly assets: readonly string[];
  /** Shape [assets][periods], simple returns, fractions, oldest first; all finite. */
  readonly returns: readonly Float64Array[];
}

/** One column of figures, as a file has it. */
export interface AssetSeries {
  readonly name: string;
  /** Shape [rows], oldest first; NaN where there is none. */
  readonly values: Float64Array;
}

/**
 * Simple returns of prices: every asset must have one in every row, since a portfolio of returns from different days is
 * a portfolio of nothing.
 * @param prices shape [assets], each of [rows], positive
 * @throws Failure PORTFOLIO_INPUT_INVALID naming asset and row of a price that is missing or not positive, for a name
 *   that stands twice, or for fewer than three rows
 */
export function returnsOfPrices(prices: readonly AssetSeries[]): AssetReturns {
  const returns = prices.map(({ name, values }) => {
    const wrong = values.findIndex((price) => !(price > 0 && Number.isFinite(price)));
    if (wrong >= 0) {
      throw invalid(`the price of ${name} in row ${wrong + 1} is ${values[wrong]}: a positive one is needed`, {
        asset: name,
        row: wrong + 1,
      });
    }
    return values.subarray(1).map((price, row) => price / values[row]! - 1);
  });
  return checkedReturns({ assets: prices.map(({ name }) => name), returns });
}

/**
 * Returns that a portfolio can be made from.
 * @throws Failure PORTFOLIO_INPUT_INVALID for no assets, a name that stands twice, fewer than two periods, series of
 *   different lengths, or a return that is not finite
 */
export function checkedReturns({ assets, returns }: AssetReturns): AssetReturns {
  const [first] = returns;
  if (!first) throw invalid('there are no assets');
  const twice = assets.find((name, index) => assets.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`${twice} stands twice`, { asset: twice });
  if (first.length < 2) throw invalid(`${first.length} returns: at least two are needed`);
  returns.forEach((series, index) => {
    const asset = assets[index] ?? '';
    if (series.length !== first.length) throw invalid(`${asset} has ${series.length} returns, others ${first.length}`);
    const wrong = series.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw invalid(`return ${wrong + 1} of ${asset} is ${series[wrong]}`, { asset, row: wrong + 1 });
    }
  });
  return { assets, returns };
}

/** Returns of a portfolio that holds the same weights in every period, shape [periods]. */
export function portfolioReturns({ returns }: AssetReturns, weights: Float64Array): Float64Array {
  const total = new Float64Array(returns[0]?.length ?? 0);
  returns.forEach((series, asset) => {
    const weight = weights[asset]!;
    if (weight === 0) return;
    for (let period = 0; period < total.length; period += 1) total[period]! += weight * series[period]!;
  });
  return total;
}

function invalid(message: string, details: Readonly<Record<string, string | number>> = {}): Failure {
  return new Failure('PORTFOLIO_INPUT_INVALID', message, details);
}
