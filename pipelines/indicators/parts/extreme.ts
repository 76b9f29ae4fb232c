/**
 * The highest or the lowest of the last `length` numbers, and how long ago it was. Each window is the end of one block of
 * `length` numbers and the beginning of the next, so that three comparisons a number are enough however long it is.
 * Source: Marcel van Herk, Pattern Recognition Letters 13 (1992).
 */
export class Extreme {
  /** At `index` and after it: the extremes of the block before, from their place to its end; before it: the new block. */
  private readonly ends: Float64Array;
  /** Places of those extremes in their block. */
  private readonly places: Uint32Array;
  private readonly length: number;
  private readonly sign: 1 | -1;
  private index = 0;
  private top = Number.NEGATIVE_INFINITY;
  private place = 0;
  /** Bars since the extreme; of equals the latest counts. */
  age = 0;

  constructor(side: 'highest' | 'lowest', length: number) {
    // NaN until there was a block; an end of nothing is under everything.
    this.ends = new Float64Array(length + 1).fill(Number.NaN, 0, length);
    this.ends[length] = Number.NEGATIVE_INFINITY;
    this.places = new Uint32Array(length + 1);
    this.length = length;
    this.sign = side === 'highest' ? 1 : -1;
  }

  /** @returns the extreme; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    const { ends, index, sign } = this;
    // The lowest is the highest of the negatives.
    const height = sign * value;
    if (height >= this.top) {
      this.top = height;
      this.place = index;
    }
    const end = ends[index + 1]!;
    const { top } = this;
    const older = end > top;
    this.age = older ? index + this.length - this.places[index + 1]! : index - this.place;
    ends[index] = height;
    this.index = index + 1;
    if (index + 1 === this.length) this.turn();
    if (Number.isNaN(end)) return Number.NaN;
    return sign * (older ? end : top);
  }

  private turn(): void {
    const { ends, places } = this;
    let top = Number.NEGATIVE_INFINITY;
    let place = 0;
    for (let index = this.length - 1; index > 0; index -= 1) {
      if (ends[index]! > top) {
        top = ends[index]!;
        place = index;
      }
      ends[index] = top;
      places[index] = place;
    }
    this.top = Number.NEGATIVE_INFINITY;
    this.index = 0;
  }
}
