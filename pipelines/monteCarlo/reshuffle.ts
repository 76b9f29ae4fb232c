/**
 * The same stretches of a curve in another order: every order is equally likely (Durstenfeld 1964). What the curve
 * earned in all stays what it was; how deep it fell on the way does not.
 * @param values shape [sessions]
 * @param ends rows at which a stretch ends, ascending, the last of them `values.length`
 * @returns writes one order into its argument, shape [sessions]
 * @throws RangeError for ends that do not part the values
 */
export function reshuffler(
  values: Float64Array,
  ends: readonly number[],
  random: () => number,
): (into: Float64Array) => void {
  const parts = ends.every((end, place) => Number.isSafeInteger(end) && end > (place === 0 ? 0 : ends[place - 1]!));
  if (!parts || ends.at(-1) !== values.length) {
    throw new RangeError(`${ends.length} ends do not part ${values.length} sessions`);
  }
  const order = Int32Array.from(ends, (_, place) => place);
  return (into) => {
    let row = 0;
    for (let left = order.length; left > 0; left -= 1) {
      const pick = Math.floor(random() * left);
      const place = order[pick]!;
      order[pick] = order[left - 1]!;
      order[left - 1] = place;
      for (let at = place === 0 ? 0 : ends[place - 1]!; at < ends[place]!; at += 1) {
        into[row] = values[at]!;
        row += 1;
      }
    }
  };
}
