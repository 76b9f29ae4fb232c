/**
 * Stationary block bootstrap (Politis and Romano 1994): blocks that begin anywhere and whose lengths are geometrically
 * distributed, wrapped around the end, so that what sessions in a row have in common is kept and every session is
 * drawn equally often.
 * @param values shape [sessions], at least one
 * @param into receives the draw; its length is the length of the draw
 * @throws RangeError without values, or for a mean block of less than one session
 */
export function blockBootstrap(
  values: Float64Array,
  {
    meanBlockSessions,
    random,
    into,
  }: { readonly meanBlockSessions: number; readonly random: () => number; readonly into: Float64Array },
): void {
  const sessions = values.length;
  if (sessions === 0 || !(meanBlockSessions >= 1)) {
    throw new RangeError(`nothing to resample: ${sessions} sessions in blocks of ${meanBlockSessions}`);
  }
  const blockEnd = 1 / meanBlockSessions;
  let at = 0;
  for (let row = 0; row < into.length; row += 1) {
    at = row === 0 || random() < blockEnd ? Math.floor(random() * sessions) : at + 1;
    if (at === sessions) at = 0;
    into[row] = values[at]!;
  }
}
