/**
 * Sum of the last `length` numbers. A window is the end of one block of `length` numbers and the beginning of the next:
 * the sums of all ends are made once a block, that of the beginning grows. Nothing is ever subtracted, so that what has
 * left the window leaves no rounding behind: a window of zeros sums to zero.
 * Source: the queue of two stacks; Marcel van Herk, Pattern Recognition Letters 13 (1992), for extremes.
 */
export class WindowSum {
  /** At `index` and after it: the sums of the block before, from their place to its end; before it: the new block. */
  private readonly ends: Float64Array;
  private readonly length: number;
  private index = 0;
  private beginning = 0;

  constructor(length: number) {
    // NaN until there was a block; an end of nothing sums to 0.
    this.ends = new Float64Array(length + 1).fill(Number.NaN, 0, length);
    this.length = length;
  }

  /** @returns the sum; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    const { ends, index } = this;
    const beginning = this.beginning + value;
    const sum = beginning + ends[index + 1]!;
    ends[index] = value;
    this.beginning = beginning;
    this.index = index + 1;
    if (index + 1 === this.length) this.turn();
    return sum;
  }

  private turn(): void {
    const { ends } = this;
    let sum = 0;
    for (let index = this.length - 1; index > 0; index -= 1) {
      sum += ends[index]!;
      ends[index] = sum;
    }
    this.beginning = 0;
    this.index = 0;
  }
}
