/** Assets with their parts of a portfolio. */
export interface WeightedAssets {
  /** Shape [assets][sessions], daily simple returns, fractions, oldest first. */
  readonly returns: readonly Float64Array[];
  /** Shape [assets], fractions of what is held. */
  readonly weights: Float64Array;
}

/** Means and covariances of a portfolio's assets, as the portfolio sees them. */
export interface PortfolioCovariance {
  /** Mean return of the portfolio, a fraction. */
  readonly mean: number;
  /** Shape [assets], mean returns. */
  readonly means: Float64Array;
  /** Shape [assets], covariance of each asset with the portfolio, divisor n - 1. */
  readonly withPortfolio: Float64Array;
  /** Shape [assets], weights on independent standard normal numbers that give the portfolio's deviation. */
  readonly factorWeights: Float64Array;
}

/**
 * Sample means and covariances (divisor n - 1), with the covariances' lower triangular factor (Cholesky, as in Golub and
 * Van Loan 2013, 4.2) multiplied by the weights. An asset that others explain altogether gets a column of zeros.
 * @throws RangeError for no asset, weights of another number, columns of other lengths, or fewer than two sessions
 */
export function portfolioCovariance({ returns, weights }: WeightedAssets): PortfolioCovariance {
  const size = returns.length;
  const sessions = returns[0]?.length ?? 0;
  if (weights.length !== size || sessions < 2 || returns.some(({ length }) => length !== sessions)) {
    throw new RangeError(`${size} assets of ${sessions} sessions, ${weights.length} weights: no portfolio`);
  }
  const means = Float64Array.from(returns, (column) => column.reduce((sum, value) => sum + value, 0) / sessions);
  const centred = returns.map((column, asset) => column.map((value) => value - means[asset]!));
  const covariance = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      const value = dot(centred[row]!, centred[column]!) / (sessions - 1);
      covariance[row * size + column] = value;
      covariance[column * size + row] = value;
    }
  }
  const rowOf = (matrix: Float64Array, row: number): Float64Array => matrix.subarray(row * size, (row + 1) * size);
  const lower = lowerFactor(covariance, size);
  const factorWeights = new Float64Array(size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1)
      factorWeights[column]! += weights[row]! * rowOf(lower, row)[column]!;
  }
  return {
    mean: dot(means, weights),
    means,
    withPortfolio: Float64Array.from(returns, (_, asset) => dot(rowOf(covariance, asset), weights)),
    factorWeights,
  };
}

function lowerFactor(covariance: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let column = 0; column < size; column += 1) {
    for (let row = column; row < size; row += 1) {
      let left = covariance[row * size + column]!;
      for (let at = 0; at < column; at += 1) left -= lower[row * size + at]! * lower[column * size + at]!;
      const diagonal = row === column ? Math.sqrt(Math.max(0, left)) : lower[column * size + column]!;
      // What is left of an explained asset is rounding.
      const explained = diagonal ** 2 <= 1e-14 * covariance[column * size + column]!;
      lower[row * size + column] = explained ? 0 : row === column ? diagonal : left / diagonal;
    }
  }
  return lower;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index]! * b[index]!;
  return sum;
}
