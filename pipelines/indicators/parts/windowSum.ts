import { Ring } from './ring.ts';

/**
 * Sum of the last `length` numbers, added up anew each time: what has left the window leaves no rounding behind, so that
 * a window of zeros sums to zero.
 */
export class WindowSum {
  private readonly ring: Ring;
  private readonly length: number;
  private missing: number;

  constructor(length: number) {
    this.ring = new Ring(length);
    this.length = length;
    this.missing = length;
  }

  /** @returns the sum; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    this.ring.exchange(value);
    if (this.missing > 0) this.missing -= 1;
    if (this.missing > 0) return Number.NaN;
    const { ring, length } = this;
    let sum = 0;
    for (let back = 0; back < length; back += 1) sum += ring.back(back);
    return sum;
  }
}
