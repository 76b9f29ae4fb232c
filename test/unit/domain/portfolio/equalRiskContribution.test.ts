import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterCount } from '#domain/portfolio/clusterCount.ts';
import { leafOrder } from '#domain/portfolio/clusterTree.ts';
import { hierarchicalEqualRiskContribution } from '#domain/portfolio/hierarchicalEqualRiskContribution.ts';
import type { SymmetricMatrix } from '#domain/portfolio/symmetricMatrix.ts';
import { wardLinkage } from '#domain/portfolio/wardLinkage.ts';
import { definiteMatrix } from './randomMarket.ts';

type Point = readonly [number, number];

const apart = (one: Point, other: Point): number => Math.hypot(one[0] - other[0], one[1] - other[1]);
const distancesOf = (points: readonly Point[]): SymmetricMatrix => ({
  size: points.length,
  values: Float64Array.from(points.flatMap((one) => points.map((other) => apart(one, other)))),
});

/** By the definition: of all pairs of groups the two whose joining adds least to the squares about the groups' means. */
function joinedByHand(
  points: readonly Point[],
): readonly { readonly assets: string; readonly distance: number; readonly nextDistance: number }[] {
  let groups = points.map((_, place) => [place]);
  const centre = (group: readonly number[]): Point => [
    group.reduce((sum, place) => sum + points[place]![0], 0) / group.length,
    group.reduce((sum, place) => sum + points[place]![1], 0) / group.length,
  ];
  const found = [];
  while (groups.length > 1) {
    const pairs = groups.flatMap((one, place) => groups.slice(0, place).map((other) => [one, other] as const));
    const far = ([one, other]: (typeof pairs)[number]): number =>
      Math.sqrt((2 * one.length * other.length) / (one.length + other.length)) * apart(centre(one), centre(other));
    const [nearest, next] = pairs.toSorted((one, other) => far(one) - far(other)) as [
      (typeof pairs)[number],
      ...typeof pairs,
    ];
    const whole = nearest.flat();
    groups = [...groups.filter((group) => !nearest.includes(group)), whole];
    found.push({
      assets: whole.toSorted((a, b) => a - b).join(),
      distance: far(nearest),
      nextDistance: next ? far(next) : 9,
    });
  }
  return found;
}

describe('Ward’s linkage', () => {
  it('joins what adds least to the squares within groups', () => {
    const point = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 9 }), (drawn) => {
        // Each is shifted by a little, so that hardly any two distances are equal: which pair is nearest must be certain.
        const points = drawn.map(([x, y], place): Point => [
          x + 1e-3 * Math.sqrt(place + 2),
          y + 1e-3 * Math.log(place + 2),
        ]);
        const merges = wardLinkage(distancesOf(points));
        const byHand = joinedByHand(points);
        fc.pre(byHand.every(({ distance, nextDistance }) => nextDistance - distance > 1e-7));
        merges.forEach(({ distance }, place) => expect(distance).toBeCloseTo(byHand[place]!.distance, 9));
        merges.forEach((_, place) => {
          const assets = leafOrder(merges, points.length + place).toSorted((a, b) => a - b);
          expect(assets.join()).toBe(byHand[place]!.assets);
        });
      }),
    );
  });
});

describe('the number of groups', () => {
  const around = (x: number, y: number): readonly Point[] => [
    [x, y],
    [x + 0.1, y],
    [x, y + 0.12],
    [x + 0.11, y + 0.1],
  ];

  it.each([
    [2, [...around(0, 0), ...around(9, 0)]],
    [3, [...around(0, 0), ...around(9, 0), ...around(4, 8)]],
    [4, [...around(0, 0), ...around(9, 0), ...around(0, 9), ...around(9, 9)]],
  ])('is %i where so many stand apart', (count, points) => {
    const distances = distancesOf(points);
    expect(clusterCount(wardLinkage(distances), distances)).toBe(count);
  });

  it.each([1, 2])('of %i assets is as many', (size) => {
    const distances = distancesOf(around(0, 0).slice(0, size));
    expect(clusterCount(wardLinkage(distances), distances)).toBe(size);
  });
});

describe('hierarchical equal risk contribution', () => {
  // Two assets alike, and one apart from them: correlation 0.5 within the pair.
  const market = { size: 3, values: Float64Array.of(0.04, 0.04, 0, 0.04, 0.16, 0, 0, 0, 0.02) };

  it('splits between groups by the inverse of their variances, and within them by that of the assets', () => {
    const { weights } = hierarchicalEqualRiskContribution(market, 2);
    // Of the pair 4/5 and 1/5, variance 16/25 * 0.04 + 2 * 4/25 * 0.04 + 1/25 * 0.16 = 0.0448; of the other 0.02.
    const pair = 0.02 / (0.02 + 0.0448);
    expect(weights[0]).toBeCloseTo(0.8 * pair, 14);
    expect(weights[1]).toBeCloseTo(0.2 * pair, 14);
    expect(weights[2]).toBeCloseTo(1 - pair, 14);
  });

  it('adds up the variances of the groups on either side', () => {
    const { weights } = hierarchicalEqualRiskContribution(market, 3);
    // The pair is two groups, of 0.04 and of 0.16, against one of 0.02.
    expect(weights[2]).toBeCloseTo(0.2 / 0.22, 14);
    expect(weights[0]).toBeCloseTo((0.8 * 0.02) / 0.22, 14);
  });

  it('of one group is the inverse of the variances', () => {
    const inverse = [25, 6.25, 50].map((value) => value / 81.25);
    hierarchicalEqualRiskContribution(market, 1).weights.forEach((weight, asset) =>
      expect(weight).toBeCloseTo(inverse[asset]!, 14),
    );
  });

  it('gives positive weights that sum to 1, into however many groups the tree is cut', () => {
    fc.assert(
      fc.property(
        definiteMatrix(6),
        fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
        (covariance, count) => {
          const { weights, solver } = hierarchicalEqualRiskContribution(covariance, count);
          expect(Math.min(...weights)).toBeGreaterThan(0);
          expect(solver.residuals.breach).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([0, 4, 1.5, Number.NaN])('cannot cut three assets into %d groups', (groups) => {
    expect(() => hierarchicalEqualRiskContribution(market, groups)).toThrow(
      expect.objectContaining({ code: 'PORTFOLIO_INPUT_INVALID', details: { constraint: 'groups' } }),
    );
  });
});
