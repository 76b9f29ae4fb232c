import { Ring } from './ring.ts';

/** Sums of squares and of products of two series about their own means, over the last `length` pairs. */
export class CommonVariation {
  private readonly first: Ring;
  private readonly second: Ring;
  private missing: number;
  ofFirst = Number.NaN;
  ofSecond = Number.NaN;
  ofBoth = Number.NaN;

  constructor(length: number) {
    this.first = new Ring(length);
    this.second = new Ring(length);
    this.missing = length;
  }

  /** Takes a pair; the sums stay NaN while pairs are missing. */
  next(first: number, second: number): void {
    this.first.exchange(first);
    this.second.exchange(second);
    if (this.missing > 0) this.missing -= 1;
    if (this.missing === 0) this.add(first, second);
  }

  /** Measured from the newest pair: equal numbers vary by nothing at all. */
  private add(newestFirst: number, newestSecond: number): void {
    const firsts = this.first.values;
    const seconds = this.second.values;
    let firstSum = 0;
    let secondSum = 0;
    for (let index = 0; index < firsts.length; index += 1) {
      firstSum += firsts[index]! - newestFirst;
      secondSum += seconds[index]! - newestSecond;
    }
    const [firstMean, secondMean] = [firstSum / firsts.length, secondSum / firsts.length];
    let [ofFirst, ofSecond, ofBoth] = [0, 0, 0];
    for (let index = 0; index < firsts.length; index += 1) {
      const first = firsts[index]! - newestFirst - firstMean;
      const second = seconds[index]! - newestSecond - secondMean;
      ofFirst += first * first;
      ofSecond += second * second;
      ofBoth += first * second;
    }
    this.ofFirst = ofFirst;
    this.ofSecond = ofSecond;
    this.ofBoth = ofBoth;
  }
}
