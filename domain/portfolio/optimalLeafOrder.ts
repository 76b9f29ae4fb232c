import type { Merge } from './clusterTree.ts';
import type { SymmetricMatrix } from './symmetricMatrix.ts';

/**
 * Leaves of a tree with its branches turned so that the sum of distances between neighbours is least. For every two
 * leaves the least sum is kept of the smallest branch that holds both, when they stand at its ends.
 * Source: Bar-Joseph, Gifford and Jaakkola, "Fast Optimal Leaf Ordering for Hierarchical Clustering" (2001).
 * @returns shape [assets]; time grows as the cube of the number of assets
 */
export function optimalLeafOrder(merges: readonly Merge[], distances: SymmetricMatrix): readonly number[] {
  const { whole, sums } = joinedBranches(merges, distances);
  return whole.parts ? between(bestEnds(whole.parts, sums), whole, sums) : whole.leaves;
}

/**
 * Leaves of a tree with each branch as it is, or reversed, for the best ends of the next larger one alone, whatever still
 * larger ones make of it: not the least sum, but what scipy's `optimal_ordering` gives, and with it the weights of skfolio
 * and Riskfolio.
 * Source: scipy 1.17, `scipy.cluster.hierarchy.optimal_leaf_ordering`, which adds in single precision; ours in double.
 * @returns shape [assets]
 */
export function scipyLeafOrder(merges: readonly Merge[], distances: SymmetricMatrix): readonly number[] {
  const { whole, sums } = joinedBranches(merges, distances);
  const laid = ({ leaves, parts }: Branch): readonly number[] => {
    if (!parts) return leaves;
    const [one, other] = parts;
    const [first, last] = bestEnds(parts, sums);
    const [left, right] = [laid(one), laid(other)];
    return [
      ...(one.parts?.[1].leaves.includes(first) ? left.toReversed() : left),
      ...(other.parts?.[0].leaves.includes(last) ? right.toReversed() : right),
    ];
  };
  return laid(whole);
}

interface Branch {
  readonly leaves: readonly number[];
  /** What it was joined of; absent for a single leaf. */
  readonly parts?: readonly [Branch, Branch];
}

/** The whole tree, and least sums of all its branches. */
function joinedBranches(
  merges: readonly Merge[],
  distances: SymmetricMatrix,
): { readonly whole: Branch; readonly sums: Sums } {
  const { size } = distances;
  const branches: Branch[] = Array.from({ length: size }, (_, leaf) => ({ leaves: [leaf] }));
  const sums: Sums = { least: new Float64Array(size * size), inner: new Int32Array(size * size), distances };
  for (const { left, right } of merges) {
    const [one, other] = [branches[left]!, branches[right]!];
    join(one, other, sums);
    branches.push({ leaves: [...one.leaves, ...other.leaves], parts: [one, other] });
  }
  return { whole: branches.at(-1)!, sums };
}

/** A leaf of either part at the ends of a branch whose sum is least. */
function bestEnds(
  [one, other]: readonly [Branch, Branch],
  { least, distances: { size } }: Sums,
): readonly [number, number] {
  let ends: readonly [number, number] = [one.leaves[0]!, other.leaves[0]!];
  let best = Number.POSITIVE_INFINITY;
  for (const first of one.leaves) {
    for (const last of other.leaves) {
      const sum = least[first * size + last]!;
      if (sum < best) [best, ends] = [sum, [first, last]];
    }
  }
  return ends;
}

interface Sums {
  /** Least sum by the leaves at both ends, shape [assets, assets], both ways round. */
  readonly least: Float64Array;
  /** For the leaves at both ends, the leaf on the side of the first where the two parts meet. */
  readonly inner: Int32Array;
  readonly distances: SymmetricMatrix;
}

/** Leaves that can end a branch on one side, with those that then can end it on the other. */
function endsOf({ leaves, parts }: Branch): readonly (readonly [readonly number[], readonly number[]])[] {
  if (!parts) return [[leaves, leaves]];
  const [one, other] = parts;
  return [
    [one.leaves, other.leaves],
    [other.leaves, one.leaves],
  ];
}

function join(one: Branch, other: Branch, { least, inner, distances: { size, values } }: Sums): void {
  // By leaf of the other branch at the joint: the least sum up to it, and the leaf before it.
  const upTo = new Float64Array(size);
  const before = new Int32Array(size);
  const reach = (first: number, ends: readonly number[]): void => {
    for (const far of other.leaves) {
      let best = Number.POSITIVE_INFINITY;
      for (const near of ends) {
        const sum = least[first * size + near]! + values[near * size + far]!;
        if (sum < best) [best, before[far]] = [sum, near];
      }
      upTo[far] = best;
    }
  };
  const close = (first: number, last: number, ends: readonly number[]): void => {
    let best = Number.POSITIVE_INFINITY;
    let joint = last;
    for (const far of ends) {
      const sum = upTo[far]! + least[far * size + last]!;
      if (sum < best) [best, joint] = [sum, far];
    }
    least[first * size + last] = best;
    least[last * size + first] = best;
    inner[first * size + last] = before[joint]!;
    inner[last * size + first] = joint;
  };
  for (const [firsts, nears] of endsOf(one)) {
    for (const first of firsts) {
      reach(first, nears);
      for (const [lasts, fars] of endsOf(other)) for (const last of lasts) close(first, last, fars);
    }
  }
}

function between([first, last]: readonly [number, number], { leaves, parts }: Branch, sums: Sums): readonly number[] {
  if (!parts) return leaves;
  const { inner, distances } = sums;
  const { size } = distances;
  const [one, other] = parts[0].leaves.includes(first) ? parts : [parts[1], parts[0]];
  const [near, far] = [inner[first * size + last]!, inner[last * size + first]!];
  return [...between([first, near], one, sums), ...between([far, last], other, sums)];
}
