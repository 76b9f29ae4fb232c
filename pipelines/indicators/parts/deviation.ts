import { Ring } from './ring.ts';

/** Mean and population variance of the last `length` numbers; each window is summed about its own mean, so nothing cancels. */
export class Deviation {
  private readonly ring: Ring;
  private readonly length: number;
  private missing: number;
  mean = Number.NaN;
  variance = Number.NaN;

  constructor(length: number) {
    this.ring = new Ring(length);
    this.length = length;
    this.missing = length;
  }

  /** Takes a number; mean and variance stay NaN while numbers are missing. */
  next(value: number): void {
    this.ring.exchange(value);
    if (this.missing > 0) this.missing -= 1;
    if (this.missing > 0) return;
    const { ring, length } = this;
    // Measured from the newest number: equal numbers deviate by nothing at all.
    let sum = 0;
    for (let back = 1; back < length; back += 1) sum += ring.back(back) - value;
    const offset = sum / length;
    let squares = 0;
    for (let back = 0; back < length; back += 1) {
      const distance = ring.back(back) - value - offset;
      squares += distance * distance;
    }
    this.mean = value + offset;
    this.variance = squares / length;
  }
}
