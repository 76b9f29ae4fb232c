import { Ring } from './ring.ts';

/** The least-squares line through the last `length` numbers, one bar apart. */
export class RegressionLine {
  private readonly ring: Ring;
  private readonly length: number;
  private missing: number;
  /** Change a bar; NaN while numbers are missing. */
  slope = Number.NaN;
  /** Height of the line at the newest number; NaN while numbers are missing. */
  end = Number.NaN;

  constructor(length: number) {
    this.ring = new Ring(length);
    this.length = length;
    this.missing = length;
  }

  next(value: number): void {
    this.ring.exchange(value);
    if (this.missing > 0) this.missing -= 1;
    if (this.missing > 0) return;
    const { ring, length } = this;
    const middle = (length - 1) / 2;
    let sum = 0;
    let moment = 0;
    for (let back = 0; back < length; back += 1) {
      // Measured from the newest number: a level far from zero costs no digits.
      const height = ring.back(back) - value;
      sum += height;
      moment += (middle - back) * height;
    }
    this.slope = moment / ((length * (length * length - 1)) / 12);
    this.end = value + sum / length + this.slope * middle;
  }
}
