/**
 * Number of ways to choose some of many.
 * @param count whole, at least 0
 * @param chosen whole, from 0 to count
 */
export function combinationCount(count: number, chosen: number): number {
  let ways = 1;
  for (let index = 1; index <= Math.min(chosen, count - chosen); index += 1) {
    ways = Math.round((ways * (count - index + 1)) / index);
  }
  return ways;
}

/** Every way to choose some of 0 to count - 1, each ascending, in lexical order. */
export function combinations(count: number, chosen: number): readonly (readonly number[])[] {
  if (chosen === 0) return [[]];
  if (chosen > count) return [];
  return combinations(count - 1, chosen - 1)
    .map((rest) => [0, ...rest.map((index) => index + 1)])
    .concat(combinations(count - 1, chosen).map((rest) => rest.map((index) => index + 1)));
}

/**
 * Rows cut into consecutive blocks whose lengths differ by one at most.
 * @returns shape [blocks], half-open
 * @throws RangeError unless there is a row for each block
 */
export function blocksOf(rows: number, blocks: number): readonly { readonly from: number; readonly to: number }[] {
  if (!Number.isSafeInteger(blocks) || blocks < 1 || rows < blocks) {
    throw new RangeError(`${rows} rows cannot be cut into ${blocks} blocks`);
  }
  return Array.from({ length: blocks }, (_, block) => ({
    from: Math.floor((block * rows) / blocks),
    to: Math.floor(((block + 1) * rows) / blocks),
  }));
}
