/**
 * Stationary block bootstrap (Politis and Romano 1994): blocks that begin anywhere and whose lengths are geometrically
 * distributed, wrapped around the end, so that what sessions in a row have in common is kept and every session is
 * drawn equally often. A block costs two draws, its beginning and its length; one of one session costs one.
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
  const drawn = into.length;
  // Of mean 1 every block is one session: log(0) is -Infinity, and the quotient 0.
  const perLog = 1 / Math.log(1 - 1 / meanBlockSessions);
  const single = meanBlockSessions === 1;
  let row = 0;
  while (row < drawn) {
    let at = Math.floor(random() * sessions);
    // The inverse of the geometric distribution; 1 - u is never 0.
    const length = single ? 1 : 1 + Math.floor(Math.log(1 - random()) * perLog);
    const end = Math.min(drawn, row + length);
    for (; row < end; row += 1) {
      into[row] = values[at]!;
      at = at + 1 === sessions ? 0 : at + 1;
    }
  }
}
