import type { SymmetricMatrix } from './symmetricMatrix.ts';

/** Two groups of assets becoming one. */
export interface Merge {
  /** Groups: an asset's place, or the number of assets plus the place of an earlier merge. The lesser comes first. */
  readonly left: number;
  readonly right: number;
  readonly distance: number;
}

/** A member of each of two groups that become one, and how far the groups are apart. */
export interface Joint {
  readonly from: number;
  readonly to: number;
  readonly distance: number;
}

/** Distances of correlations, root of half of one less the correlation, shape [assets, assets]; from 0 to 1. */
export function correlationDistances({ size, values }: SymmetricMatrix): SymmetricMatrix {
  return { size, values: values.map((correlation) => Math.sqrt(Math.max(0, (1 - correlation) / 2))) };
}

/**
 * Groups of nearest neighbours: single linkage, by the shortest tree that joins all assets.
 * Source: Prim (1957); Gower and Ross, "Minimum Spanning Trees and Single Linkage Cluster Analysis" (1969).
 * @returns shape [assets - 1], the nearest first; equal distances in the order the tree meets them, as scipy's `linkage`
 */
export function singleLinkage(distances: SymmetricMatrix): readonly Merge[] {
  return mergesOf(shortestTree(distances));
}

/**
 * Merges of groups, the nearest first, from any member of each group that was joined.
 * @param joints shape [assets - 1]; those of equal distance in the order in which they were made
 */
export function mergesOf(joints: readonly Joint[]): readonly Merge[] {
  const size = joints.length + 1;
  const edges = joints.toSorted((one, other) => one.distance - other.distance);
  const groups = Int32Array.from({ length: 2 * size - 1 }, (_, index) => index);
  const rootOf = (member: number): number => {
    let at = member;
    while (groups[at] !== at) {
      groups[at] = groups[groups[at]!]!;
      at = groups[at]!;
    }
    return at;
  };
  return edges.map(({ from, to, distance }, place) => {
    const [one, other] = [rootOf(from), rootOf(to)];
    groups[one] = size + place;
    groups[other] = size + place;
    return { left: Math.min(one, other), right: Math.max(one, other), distance };
  });
}

/**
 * Assets in the order in which the branches of a group lie side by side; those of the whole tree if no group is named.
 * @param group an asset's place, or the number of assets plus the place of a merge
 */
export function leafOrder(merges: readonly Merge[], group: number = 2 * merges.length): readonly number[] {
  const size = merges.length + 1;
  const leaves: number[] = [];
  const branches = [group];
  while (branches.length > 0) {
    const branch = branches.pop()!;
    if (branch < size) leaves.push(branch);
    else {
      const { left, right } = merges[branch - size]!;
      branches.push(right, left);
    }
  }
  return leaves;
}

function shortestTree({ size, values }: SymmetricMatrix): Joint[] {
  const nearest = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const joined = new Uint8Array(size);
  const edges: Joint[] = [];
  let last = 0;
  joined[0] = 1;
  while (edges.length < size - 1) {
    let next = -1;
    for (let asset = 0; asset < size; asset += 1) {
      if (joined[asset]) continue;
      const distance = values[last * size + asset]!;
      if (distance < nearest[asset]!) nearest[asset] = distance;
      if (next < 0 || nearest[asset]! < nearest[next]!) next = asset;
    }
    edges.push({ from: last, to: next, distance: nearest[next]! });
    joined[next] = 1;
    last = next;
  }
  return edges;
}
