import { correlationDistances, leafOrder, singleLinkage, type Merge } from './clusterTree.ts';
import { correlations } from './eigenvalues.ts';
import type { OptimalWeights } from './meanVariance.ts';
import { optimalLeafOrder, scipyLeafOrder } from './optimalLeafOrder.ts';
import { diagonal, type SymmetricMatrix } from './symmetricMatrix.ts';

/** How the branches of a tree are turned: as they grew, so that neighbouring assets are most alike, or as scipy does. */
export const leafOrders = ['merged', 'optimal', 'scipy'] as const;

/** One of them. */
export type LeafOrder = (typeof leafOrders)[number];

/**
 * Positive weights by halving: assets are laid in a row so that alike ones stand together, the row is halved again and
 * again, and capital is split between halves by the inverse of their variances, each half taken at weights inverse to its
 * own variances. No matrix is inverted.
 * Source: López de Prado, "Building Diversified Portfolios that Outperform Out-of-Sample" (2016), with distances of
 * correlations and single linkage.
 * @param covariance positive definite, shape [assets, assets]
 */
export function hierarchicalRiskParity(covariance: SymmetricMatrix, order: LeafOrder = 'merged'): OptimalWeights {
  const { size } = covariance;
  const distances = correlationDistances(correlations(covariance).matrix);
  const merges = singleLinkage(distances);
  const weights = weightsByHalving(covariance, turnings[order](merges, distances));
  return {
    weights,
    solver: {
      method: `single linkage, ${order} leaves, recursive bisection`,
      iterations: size - 1,
      programs: 1,
      residuals: { breach: Math.abs(weights.reduce((sum, weight) => sum + weight, -1)), descent: 0, slackness: 0 },
    },
  };
}

const turnings: Readonly<
  Record<LeafOrder, (merges: readonly Merge[], distances: SymmetricMatrix) => readonly number[]>
> = { merged: (merges) => leafOrder(merges), optimal: optimalLeafOrder, scipy: scipyLeafOrder };

/**
 * Weights of assets in a row, split by halves.
 * @param order places of assets, alike ones together, shape [assets]
 */
export function weightsByHalving(covariance: SymmetricMatrix, order: readonly number[]): Float64Array {
  const weights = new Float64Array(covariance.size).fill(1);
  const variances = diagonal(covariance);
  const rows = [order];
  while (rows.length > 0) {
    const row = rows.pop()!;
    if (row.length < 2) continue;
    const halves = [row.slice(0, Math.floor(row.length / 2)), row.slice(Math.floor(row.length / 2))] as const;
    const [first, second] = [
      groupVariance(covariance, variances, halves[0]),
      groupVariance(covariance, variances, halves[1]),
    ];
    const part = second / (first + second);
    for (const asset of halves[0]) weights[asset]! *= part;
    for (const asset of halves[1]) weights[asset]! *= 1 - part;
    rows.push(...halves);
  }
  return weights;
}

/** Variance of a group of assets at weights inverse to their variances. */
export function groupVariance(
  { size, values }: SymmetricMatrix,
  variances: Float64Array,
  assets: readonly number[],
): number {
  let total = 0;
  let sum = 0;
  for (const one of assets) {
    const inverse = 1 / variances[one]!;
    total += inverse;
    for (const other of assets) sum += (inverse * values[one * size + other]!) / variances[other]!;
  }
  return sum / total ** 2;
}
