/**
 * Wilder's average: the mean of the first `length` numbers, then each further one with weight 1 / `length`.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
 */
export class WilderAverage {
  private readonly length: number;
  private seen = 0;
  private average = 0;

  constructor(length: number) {
    this.length = length;
  }

  /** @returns the average; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    const { length } = this;
    if (this.seen >= length) {
      this.average = (this.average * (length - 1) + value) / length;
      return this.average;
    }
    this.average += value;
    this.seen += 1;
    if (this.seen < length) return Number.NaN;
    this.average /= length;
    return this.average;
  }
}
