/**
 * A bar's range, stretched to the close before it.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section III.
 */
export class TrueRange {
  private closeBefore = Number.NaN;

  /** @returns in the price's unit; NaN for the first bar */
  next(high: number, low: number, close: number): number {
    const before = this.closeBefore;
    this.closeBefore = close;
    return Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
  }
}
