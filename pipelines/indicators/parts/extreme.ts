import { Ring } from './ring.ts';

/** The highest or the lowest of the last `length` numbers, and how long ago it was. */
export class Extreme {
  private readonly ring: Ring;
  private readonly length: number;
  private readonly sign: 1 | -1;
  private missing: number;
  private top = Number.NEGATIVE_INFINITY;
  /** Bars since the extreme; of equals the latest counts. */
  age = 0;

  constructor(side: 'highest' | 'lowest', length: number) {
    this.ring = new Ring(length);
    this.length = length;
    this.sign = side === 'highest' ? 1 : -1;
    this.missing = length;
  }

  /** @returns the extreme; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    // The lowest is the highest of the negatives.
    const height = this.sign * value;
    this.ring.exchange(height);
    if (height >= this.top) {
      this.top = height;
      this.age = 0;
    } else {
      this.age += 1;
      if (this.age >= this.length) this.search();
    }
    if (this.missing > 0) this.missing -= 1;
    return this.missing > 0 ? Number.NaN : this.sign * this.top;
  }

  private search(): void {
    const { ring, length } = this;
    let [top, age] = [ring.back(0), 0];
    for (let back = 1; back < length; back += 1) {
      const height = ring.back(back);
      if (height > top) {
        top = height;
        age = back;
      }
    }
    this.top = top;
    this.age = age;
  }
}
