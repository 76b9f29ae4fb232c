import { deviation, mean } from './metrics.ts';

/**
 * Spearman's rank correlation (1904), ties sharing their mean rank: the information coefficient of a forecast.
 * @returns a number in [-1, 1]; null when either side never moves or there are under two values
 * @throws RangeError when lengths differ
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length) throw new RangeError('both sides need the same length');
  if (a.length < 2) return null;
  const [ranksA, ranksB] = [ranks(a), ranks(b)];
  const [centerA, centerB] = [mean(ranksA), mean(ranksB)];
  const scale = deviation(ranksA) * deviation(ranksB) * (a.length - 1);
  if (scale === 0) return null;
  return ranksA.reduce((sum, rank, index) => sum + (rank - centerA) * (ranksB[index]! - centerB), 0) / scale;
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((x, y) => values[x]! - values[y]!);
  const result = Array.from({ length: values.length }, () => 0);
  for (let first = 0; first < order.length;) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1]!] === values[order[first]!]) last += 1;
    for (let place = first; place <= last; place += 1) result[order[place]!] = (first + last) / 2;
    first = last + 1;
  }
  return result;
}
