import { reciprocals } from './reciprocals.ts';

/**
 * The least-squares line through the last `length` numbers, one bar apart. Each window is the end of one block of `length`
 * numbers and the beginning of the next; both parts are measured about their own middles, so that a level far from zero
 * costs no digits and equal numbers lie on a level line exactly.
 * Source: Chan, Golub and LeVeque, Updating Formulae for Computing Sample Variances (1979), for products.
 */
export class RegressionLine {
  /** At `index` and after it: means of the block before, from their place to its end; before it: the new block. */
  private readonly means: Float64Array;
  /** Sums of products of time and number about their means. */
  private readonly products: Float64Array;
  private readonly reciprocals: Float64Array;
  private readonly length: number;
  private readonly timeSquares: number;
  private index = 0;
  private beginningMean = 0;
  private beginningProducts = 0;
  /** Mean of the numbers; NaN while numbers are missing. */
  mean = Number.NaN;
  /** Sum of products of the distances from the means of time, in bars, and of the numbers; NaN while numbers are missing. */
  product = Number.NaN;

  constructor(length: number) {
    // NaN until there was a block.
    this.means = new Float64Array(length + 1).fill(Number.NaN, 0, length);
    this.products = new Float64Array(length + 1);
    this.reciprocals = reciprocals(length);
    this.length = length;
    this.timeSquares = (length * (length * length - 1)) / 12;
  }

  /** Change a bar; NaN while numbers are missing. */
  get slope(): number {
    return this.product / this.timeSquares;
  }

  /** Height of the line at the newest number; NaN while numbers are missing. */
  get end(): number {
    return this.mean + (this.slope * (this.length - 1)) / 2;
  }

  next(value: number): void {
    const { means, length } = this;
    const count = this.index + 1;
    const distance = value - this.beginningMean;
    const mean = this.beginningMean + distance * this.reciprocals[count]!;
    // The new number stands half the numbers before it to the right of their middle.
    const products = this.beginningProducts + (distance * this.index) / 2;
    const share = (length - count) * this.reciprocals[length]!;
    const older = mean - means[count]!;
    this.mean = mean - older * share;
    // Middles of the two parts lie half a window apart.
    this.product = products + this.products[count]! + (older * count * share * length) / 2;
    means[count - 1] = value;
    this.beginningMean = mean;
    this.beginningProducts = products;
    this.index = count;
    if (count === length) this.turn();
  }

  private turn(): void {
    const { means, products: ends, length } = this;
    let mean = 0;
    let products = 0;
    for (let index = length - 1; index > 0; index -= 1) {
      const count = length - index;
      const distance = means[index]! - mean;
      products -= (distance * (count - 1)) / 2;
      mean += distance * this.reciprocals[count]!;
      means[index] = mean;
      ends[index] = products;
    }
    this.index = 0;
    this.beginningMean = 0;
    this.beginningProducts = 0;
  }
}
