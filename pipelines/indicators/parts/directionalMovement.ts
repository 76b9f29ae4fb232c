import { TrueRange } from './trueRange.ts';

/**
 * Wilder's smoothed directional movement, up and down, and true range: sums of which each bar takes 1 / `length` away
 * before it adds its own. Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section IV.
 */
export class DirectionalMovement {
  private readonly length: number;
  private readonly trueRange = new TrueRange();
  private highBefore = Number.NaN;
  private lowBefore = Number.NaN;
  private seen = 0;
  plus = 0;
  minus = 0;
  range = 0;

  constructor(length: number) {
    this.length = length;
  }

  /** @returns movements taken so far, up to twice the length: one a bar, after the first */
  next(high: number, low: number, close: number): number {
    const range = this.trueRange.next(high, low, close);
    const up = high - this.highBefore;
    const down = this.lowBefore - low;
    this.highBefore = high;
    this.lowBefore = low;
    if (Number.isNaN(range)) return 0;
    const { length } = this;
    if (this.seen < 2 * length) this.seen += 1;
    if (this.seen >= length) {
      this.plus -= this.plus / length;
      this.minus -= this.minus / length;
      this.range -= this.range / length;
    }
    // Only the larger of the two excursions counts.
    if (up > 0 && up > down) this.plus += up;
    if (down > 0 && down > up) this.minus += down;
    this.range += range;
    return this.seen;
  }
}
