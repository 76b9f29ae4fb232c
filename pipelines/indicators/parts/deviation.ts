import { reciprocals } from './reciprocals.ts';

/**
 * Mean and population variance of the last `length` numbers. Each window is the end of one block of `length` numbers and
 * the beginning of the next; every part is measured about its own mean, so that nothing cancels and equal numbers deviate
 * by nothing at all.
 * Source: Welford, Technometrics 4 (1962), for a part; Chan, Golub and LeVeque (1979) for two of them together.
 */
export class Deviation {
  /** At `index` and after it: means of the block before, from their place to its end; before it: the new block. */
  private readonly means: Float64Array;
  /** Sums of squares about those means. */
  private readonly squares: Float64Array;
  private readonly reciprocals: Float64Array;
  private readonly length: number;
  private index = 0;
  private beginningMean = 0;
  private beginningSquares = 0;
  mean = Number.NaN;
  variance = Number.NaN;

  constructor(length: number) {
    // NaN until there was a block.
    this.means = new Float64Array(length + 1).fill(Number.NaN, 0, length);
    this.squares = new Float64Array(length + 1);
    this.reciprocals = reciprocals(length);
    this.length = length;
  }

  /** Takes a number; mean and variance stay NaN while numbers are missing. */
  next(value: number): void {
    const { means, length } = this;
    const count = this.index + 1;
    const distance = value - this.beginningMean;
    const mean = this.beginningMean + distance * this.reciprocals[count]!;
    const squares = this.beginningSquares + distance * (value - mean);
    const share = (length - count) * this.reciprocals[length]!;
    const apart = means[count]! - mean;
    this.mean = mean + apart * share;
    this.variance = (squares + this.squares[count]! + apart * apart * count * share) * this.reciprocals[length]!;
    means[count - 1] = value;
    this.beginningMean = mean;
    this.beginningSquares = squares;
    this.index = count;
    if (count === length) this.turn();
  }

  private turn(): void {
    const { means, squares: ends, length } = this;
    let mean = 0;
    let squares = 0;
    for (let index = length - 1; index > 0; index -= 1) {
      const value = means[index]!;
      const distance = value - mean;
      mean += distance * this.reciprocals[length - index]!;
      squares += distance * (value - mean);
      means[index] = mean;
      ends[index] = squares;
    }
    this.index = 0;
    this.beginningMean = 0;
    this.beginningSquares = 0;
  }
}
