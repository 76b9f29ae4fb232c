/** Numbers that are kept, a power of two: every look back is shorter. */
const kept = 64;

/** The last numbers in one piece, so that they are looked through without wrapping round. */
export class LookBack {
  /** The number `back` before the newest is at `newest - back`, for `back` under 64; 0 where there was none. */
  readonly values = new Float64Array(2 * kept);
  newest = kept;

  push(value: number): void {
    const place = (this.newest + 1) & (kept - 1);
    // Written twice, so that the 64 places up to the second writing are always the last 64 numbers.
    this.values[place] = value;
    this.values[place + kept] = value;
    this.newest = place + kept;
  }
}
