import { Failure } from '#domain/failure.ts';
import { clusterCount } from './clusterCount.ts';
import { correlationDistances, leafOrder, type Merge } from './clusterTree.ts';
import { correlations } from './eigenvalues.ts';
import { groupVariance } from './hierarchicalRiskParity.ts';
import type { OptimalWeights } from './meanVariance.ts';
import { diagonal, type SymmetricMatrix } from './symmetricMatrix.ts';
import { wardLinkage } from './wardLinkage.ts';

/**
 * Positive weights along a tree that is cut into groups of alike assets: down to the groups, each branch's capital is split
 * by the inverse of the variances of the groups on either side, added up; within a group by the inverse of the assets' own.
 * Source: Raffinot, "The Hierarchical Equal Risk Contribution Portfolio" (2018), with distances of correlations, Ward's
 * linkage and variance as risk.
 * @param covariance positive definite, shape [assets, assets]
 * @param groups from 1 (inverse variances) to the number of assets; as of `clusterCount` when absent
 * @throws Failure PORTFOLIO_INPUT_INVALID for another number of groups
 */
export function hierarchicalEqualRiskContribution(covariance: SymmetricMatrix, groups?: number): OptimalWeights {
  const { size } = covariance;
  if (groups !== undefined && !(Number.isInteger(groups) && groups >= 1 && groups <= size)) {
    throw new Failure('PORTFOLIO_INPUT_INVALID', `${size} assets cannot be cut into ${groups} groups`, {
      constraint: 'groups',
    });
  }
  const distances = correlationDistances(correlations(covariance).matrix);
  const merges = wardLinkage(distances);
  const count = groups ?? clusterCount(merges, distances);
  const weights = weightsOfGroups(covariance, merges, count);
  return {
    weights,
    solver: {
      method: `Ward linkage, ${count} groups, risk split along the tree`,
      iterations: size - 1,
      programs: 1,
      residuals: { breach: Math.abs(weights.reduce((sum, weight) => sum + weight, -1)), descent: 0, slackness: 0 },
    },
  };
}

function weightsOfGroups(covariance: SymmetricMatrix, merges: readonly Merge[], count: number): Float64Array {
  const { size } = covariance;
  const variances = diagonal(covariance);
  const weights = new Float64Array(size).fill(1);
  const scale = (branch: number, by: (asset: number) => number): void => {
    for (const asset of leafOrder(merges, branch)) weights[asset]! *= by(asset);
  };
  // The last merges are those of whole groups; what they joined and did not make is a group.
  const joins = merges.map(({ left, right }, place) => ({ branch: size + place, left, right })).slice(size - count);
  const branches = joins.length > 0 ? joins.flatMap(({ left, right }) => [left, right]) : [2 * size - 2];
  const groups = branches.filter((branch) => branch < 2 * size - count);
  const risks = new Float64Array(2 * size - 1);
  for (const group of groups) {
    const assets = leafOrder(merges, group);
    risks[group] = groupVariance(covariance, variances, assets);
    const total = assets.reduce((sum, asset) => sum + 1 / variances[asset]!, 0);
    scale(group, (asset) => 1 / variances[asset]! / total);
  }
  for (const { branch, left, right } of joins) {
    const whole = risks[left]! + risks[right]!;
    risks[branch] = whole;
    scale(left, () => risks[right]! / whole);
    scale(right, () => risks[left]! / whole);
  }
  return weights;
}
