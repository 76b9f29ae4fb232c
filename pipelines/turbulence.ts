import { Matrix, pseudoInverse } from 'ml-matrix';

/** Sessions a day's returns are held against, as in FinRL. */
export const turbulenceLookBackSessions = 252;

/**
 * How unusual each session's returns were: the squared Mahalanobis distance from the mean of the sessions before it, by
 * their covariance (Kritzman and Li 2010, as FinRL computes it). Zero until enough sessions went before.
 * @param closes shape [sessions, stocks], finite and > 0, oldest first
 * @returns shape [sessions]; the value at a session knows nothing later than its close
 */
export function turbulenceOf(closes: Float64Array, stocks: number): Float64Array {
  const sessions = closes.length / stocks;
  const returns = Array.from({ length: Math.max(0, sessions - 1) }, (_, row) =>
    Array.from({ length: stocks }, (__, stock) => {
      return closes[(row + 1) * stocks + stock]! / closes[row * stocks + stock]! - 1;
    }),
  );
  return Float64Array.from({ length: sessions }, (_, session) => {
    // The session's own return is the one that reached it.
    const own = session - 1;
    if (own < turbulenceLookBackSessions) return 0;
    return distance(returns[own]!, new Matrix(returns.slice(own - turbulenceLookBackSessions, own)));
  });
}

function distance(row: readonly number[], before: Matrix): number {
  const centers = before.mean('column');
  const centered = Matrix.sub(before, Matrix.ones(before.rows, 1).mmul(Matrix.rowVector(centers)));
  const covariance = centered
    .transpose()
    .mmul(centered)
    .div(before.rows - 1);
  const gap = Matrix.rowVector(row.map((value, stock) => value - centers[stock]!));
  return gap.mmul(pseudoInverse(covariance)).mmul(gap.transpose()).get(0, 0);
}
