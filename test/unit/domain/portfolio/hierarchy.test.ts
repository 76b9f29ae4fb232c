import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlationDistances, leafOrder, singleLinkage, type Merge } from '#domain/portfolio/clusterTree.ts';
import { diversification } from '#domain/portfolio/diversification.ts';
import { correlations } from '#domain/portfolio/eigenvalues.ts';
import { hierarchicalRiskParity, leafOrders } from '#domain/portfolio/hierarchicalRiskParity.ts';
import { optimalLeafOrder, scipyLeafOrder } from '#domain/portfolio/optimalLeafOrder.ts';
import { entry, type SymmetricMatrix } from '#domain/portfolio/symmetricMatrix.ts';
import { definiteMatrix } from './randomMarket.ts';

const length = (order: readonly number[], distances: SymmetricMatrix): number =>
  order.slice(1).reduce((sum, leaf, place) => sum + entry(distances, order[place]!, leaf), 0);

/** Every order that turning branches gives. */
function everyOrder(merges: readonly Merge[], branch: number): readonly (readonly number[])[] {
  const size = merges.length + 1;
  if (branch < size) return [[branch]];
  const { left, right } = merges[branch - size]!;
  return everyOrder(merges, left).flatMap((one) =>
    everyOrder(merges, right).flatMap((other) => [
      [...one, ...other],
      [...other, ...one],
    ]),
  );
}

describe('a tree of assets', () => {
  it('joins the nearest first and lays them side by side', () => {
    const distances = { size: 4, values: Float64Array.of(0, 9, 2, 8, 9, 0, 7, 3, 2, 7, 0, 6, 8, 3, 6, 0) };
    const merges = singleLinkage(distances);
    expect(merges).toEqual([
      { left: 0, right: 2, distance: 2 },
      { left: 1, right: 3, distance: 3 },
      { left: 4, right: 5, distance: 6 },
    ]);
    expect(leafOrder(merges)).toEqual([0, 2, 1, 3]);
    // Turned, 2 and 3 meet, which are nearer than 2 and 1.
    expect(length(optimalLeafOrder(merges, distances), distances)).toBe(2 + 6 + 3);
  });

  it('is turned as scipy turns it, which may be longer than need be', () => {
    // What scipy 1.17.1 answers: 14 long, where 12 can be had.
    const distances = {
      size: 5,
      values: Float64Array.of(0, 4, 2, 6, 7, 4, 0, 10, 1, 8, 2, 10, 0, 3, 9, 6, 1, 3, 0, 5, 7, 8, 9, 5, 0),
    };
    const merges = singleLinkage(distances);
    expect(scipyLeafOrder(merges, distances)).toEqual([4, 1, 3, 2, 0]);
    expect(length([4, 1, 3, 2, 0], distances)).toBe(14);
    expect(length(optimalLeafOrder(merges, distances), distances)).toBe(12);
  });

  it('is turned so that no other turning is shorter', () => {
    fc.assert(
      fc.property(definiteMatrix(7), (covariance) => {
        const distances = correlationDistances(correlations(covariance).matrix);
        const merges = singleLinkage(distances);
        const shortest = Math.min(...everyOrder(merges, 12).map((order) => length(order, distances)));
        expect(length(optimalLeafOrder(merges, distances), distances)).toBeCloseTo(shortest, 12);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

describe('hierarchical risk parity', () => {
  it('of two assets splits by the inverse of their variances', () => {
    const { weights } = hierarchicalRiskParity({ size: 2, values: Float64Array.of(0.01, 0.001, 0.001, 0.03) });
    expect(weights[0]).toBeCloseTo(0.75, 14);
  });

  it('gives positive weights that sum to 1, whichever way leaves lie', () => {
    fc.assert(
      fc.property(definiteMatrix(6), fc.constantFrom(...leafOrders), (covariance, order) => {
        const { weights } = hierarchicalRiskParity(covariance, order);
        expect(Math.min(...weights)).toBeGreaterThan(0);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      }),
      { numRuns: 40 },
    );
  });
});

describe('diversification', () => {
  it('counts positions of equal size, and independent ones once each', () => {
    const independent = { size: 2, values: Float64Array.of(0.04, 0, 0, 0.04) };
    const spread = diversification(Float64Array.of(0.5, 0.5), independent);
    expect(spread.effectivePositions).toBeCloseTo(2, 14);
    expect(spread.ratio).toBeCloseTo(Math.SQRT2, 14);
    expect(spread.correlationWeightedExposure).toBeCloseTo(Math.SQRT1_2, 14);
  });

  it('of one position is 1 in every figure, and of none 0', () => {
    const market = { size: 2, values: Float64Array.of(0.04, 0.01, 0.01, 0.09) };
    const one = { effectivePositions: 1, ratio: 1, correlationWeightedExposure: 1 };
    expect(diversification(Float64Array.of(1, 0), market)).toEqual(one);
    expect(diversification(new Float64Array(2), market).effectivePositions).toBe(0);
  });
});
