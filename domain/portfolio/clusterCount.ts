import { leafOrder, type Merge } from './clusterTree.ts';
import type { SymmetricMatrix } from './symmetricMatrix.ts';

/** More groups than this, or than the root of the number of assets, are not looked for. */
const countMax = 8;

/**
 * Number of groups at which splitting further stops to pay: the tree is cut into more and more groups, and where the fall
 * of the distances within groups slows down most, the last cut is kept. From 2 to 8 groups, or to the root of the number of
 * assets; of one asset 1, of two 2.
 * Source: within-cluster dispersion of Tibshirani, Walther and Hastie, "Estimating the Number of Clusters in a Data Set via
 * the Gap Statistic" (2001), and its second difference, Yue, Wang and Wei, "Application of Two-Order Difference to Gap
 * Statistic" (2008).
 */
export function clusterCount(merges: readonly Merge[], distances: SymmetricMatrix): number {
  const { size } = distances;
  if (size < 3) return size;
  const most = Math.min(size - 1, Math.max(countMax, Math.round(Math.sqrt(size))));
  const falls = Array.from({ length: most }, (_, splits) => {
    const place = size - 2 - splits;
    const { left, right } = merges[place]!;
    const [whole, one, other] = [size + place, left, right].map((group) => within(leafOrder(merges, group), distances));
    return whole! - one! - other!;
  });
  let best = 2;
  for (let count = 3; count <= most; count += 1) {
    const slowing = (at: number): number => falls[at - 2]! - falls[at - 1]!;
    if (slowing(count) > slowing(best)) best = count;
  }
  return best;
}

/** Sum of the distances of a group's pairs over the number of its members. */
function within(assets: readonly number[], { size, values }: SymmetricMatrix): number {
  let sum = 0;
  assets.forEach((one, place) => {
    for (let other = 0; other < place; other += 1) sum += values[one * size + assets[other]!]!;
  });
  return sum / assets.length;
}
