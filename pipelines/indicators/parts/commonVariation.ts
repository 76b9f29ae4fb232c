import { reciprocals } from './reciprocals.ts';

/** Means of two series and sums of squares and products about them, pair by pair. */
class Part {
  first = 0;
  second = 0;
  ofFirst = 0;
  ofSecond = 0;
  ofBoth = 0;

  /** Adds a pair. @param reciprocal one over the pairs with it */
  add(first: number, second: number, reciprocal: number): void {
    const firstDistance = first - this.first;
    const secondDistance = second - this.second;
    this.first += firstDistance * reciprocal;
    this.second += secondDistance * reciprocal;
    this.ofFirst += firstDistance * (first - this.first);
    this.ofSecond += secondDistance * (second - this.second);
    this.ofBoth += firstDistance * (second - this.second);
  }
}

const width = 5;

/**
 * Sums of squares and of products of two series about their own means, over the last `length` pairs. Each window is the
 * end of one block of `length` pairs and the beginning of the next, each measured about its own means: equal numbers vary
 * by nothing at all.
 * Source: Chan, Golub and LeVeque, Updating Formulae for Computing Sample Variances (1979).
 */
export class CommonVariation {
  /**
   * Shape [length + 1, 5], the fields of a `Part`: at `index` and after it, of the block before from their place to its end;
   * before it the new block, whose pairs are means of one.
   */
  private readonly ends: Float64Array;
  private readonly reciprocals: Float64Array;
  private readonly length: number;
  private index = 0;
  private beginning = new Part();
  ofFirst = Number.NaN;
  ofSecond = Number.NaN;
  ofBoth = Number.NaN;

  constructor(length: number) {
    // NaN until there was a block.
    this.ends = new Float64Array(width * (length + 1)).fill(Number.NaN, 0, width * length);
    this.reciprocals = reciprocals(length);
    this.length = length;
  }

  /** Takes a pair; the sums stay NaN while pairs are missing. */
  next(first: number, second: number): void {
    const { ends, beginning, length } = this;
    const count = this.index + 1;
    beginning.add(first, second, this.reciprocals[count]!);
    const end = width * count;
    const weight = (count * (length - count)) / length;
    const [firstApart, secondApart] = [ends[end]! - beginning.first, ends[end + 1]! - beginning.second];
    this.ofFirst = beginning.ofFirst + ends[end + 2]! + firstApart * firstApart * weight;
    this.ofSecond = beginning.ofSecond + ends[end + 3]! + secondApart * secondApart * weight;
    this.ofBoth = beginning.ofBoth + ends[end + 4]! + firstApart * secondApart * weight;
    ends[end - width] = first;
    ends[end - width + 1] = second;
    this.index = count;
    if (count === length) this.turn();
  }

  private turn(): void {
    const { ends, length } = this;
    const part = new Part();
    for (let index = length - 1; index > 0; index -= 1) {
      const end = width * index;
      part.add(ends[end]!, ends[end + 1]!, this.reciprocals[length - index]!);
      ends[end] = part.first;
      ends[end + 1] = part.second;
      ends[end + 2] = part.ofFirst;
      ends[end + 3] = part.ofSecond;
      ends[end + 4] = part.ofBoth;
    }
    this.index = 0;
    this.beginning = new Part();
  }
}
