import { Ring } from './ring.ts';

/** Sums of squares and of products of two series about their own means, over the last `length` pairs. */
export class CommonVariation {
  private readonly first: Ring;
  private readonly second: Ring;
  private readonly length: number;
  private missing: number;
  ofFirst = Number.NaN;
  ofSecond = Number.NaN;
  ofBoth = Number.NaN;

  constructor(length: number) {
    this.first = new Ring(length);
    this.second = new Ring(length);
    this.length = length;
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
    const { first: firsts, second: seconds, length } = this;
    let firstSum = 0;
    let secondSum = 0;
    for (let back = 0; back < length; back += 1) {
      firstSum += firsts.back(back) - newestFirst;
      secondSum += seconds.back(back) - newestSecond;
    }
    const [firstMean, secondMean] = [firstSum / length, secondSum / length];
    let [ofFirst, ofSecond, ofBoth] = [0, 0, 0];
    for (let back = 0; back < length; back += 1) {
      const first = firsts.back(back) - newestFirst - firstMean;
      const second = seconds.back(back) - newestSecond - secondMean;
      ofFirst += first * first;
      ofSecond += second * second;
      ofBoth += first * second;
    }
    this.ofFirst = ofFirst;
    this.ofSecond = ofSecond;
    this.ofBoth = ofBoth;
  }
}
