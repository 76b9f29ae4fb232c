/** Does work batch after batch; the next batch begins when the one before is done. */
export async function inBatches<Item>(
  items: readonly Item[],
  size: number,
  work: (batch: readonly Item[]) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < items.length; first += size) await work(items.slice(first, first + size));
}
