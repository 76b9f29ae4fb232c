import { mergesOf, type Joint, type Merge } from './clusterTree.ts';
import type { SymmetricMatrix } from './symmetricMatrix.ts';

/**
 * Groups whose joining adds least to the squared distances within groups. Neighbours are followed from group to group
 * until two are each other's nearest; those are joined, since no later merge changes that.
 * Source: Ward, "Hierarchical Grouping to Optimize an Objective Function" (1963); distances to merged groups by Lance and
 * Williams (1967); chains of neighbours by Murtagh (1983).
 * @returns shape [assets - 1], the nearest first, with distances as of scipy's `linkage`
 */
export function wardLinkage({ size, values }: SymmetricMatrix): readonly Merge[] {
  const squares = values.map((distance) => distance ** 2);
  const members = new Int32Array(size).fill(1);
  const joints: Joint[] = [];
  let chain: number[] = [];
  while (joints.length < size - 1) {
    if (chain.length === 0) chain = [members.findIndex((count) => count > 0)];
    const [before, last] = [chain.at(-2), chain.at(-1)!];
    const next = nearest({ size, values: squares }, { members, group: last, before });
    if (next !== before) {
      chain.push(next);
      continue;
    }
    chain.length -= 2;
    joints.push({ from: next, to: last, distance: Math.sqrt(squares[next * size + last]!) });
    join({ size, values: squares }, members, [next, last]);
  }
  return mergesOf(joints);
}

/** The group nearest to another; of equals the one that the chain came from, so that it ends. */
function nearest(
  { size, values }: SymmetricMatrix,
  {
    members,
    group,
    before,
  }: { readonly members: Int32Array; readonly group: number; readonly before: number | undefined },
): number {
  let best = before ?? -1;
  let least = before === undefined ? Number.POSITIVE_INFINITY : values[group * size + before]!;
  for (let other = 0; other < size; other += 1) {
    const square = values[group * size + other]!;
    if (other === group || members[other] === 0 || !(square < least)) continue;
    [best, least] = [other, square];
  }
  return best;
}

/** The first group takes the second in, which then has no members. */
function join({ size, values }: SymmetricMatrix, members: Int32Array, [kept, gone]: readonly [number, number]): void {
  const [some, others, apart] = [members[kept]!, members[gone]!, values[kept * size + gone]!];
  members[kept] = some + others;
  members[gone] = 0;
  for (let group = 0; group < size; group += 1) {
    const count = members[group]!;
    if (count === 0 || group === kept) continue;
    const square =
      ((some + count) * values[group * size + kept]! +
        (others + count) * values[group * size + gone]! -
        count * apart) /
      (some + others + count);
    values[group * size + kept] = square;
    values[kept * size + group] = square;
  }
}
