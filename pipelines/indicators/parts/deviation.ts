import { Ring } from './ring.ts';

/** Mean and population variance of the last `length` numbers; each window is summed about its own mean, so nothing cancels. */
export class Deviation {
  private readonly ring: Ring;
  private missing: number;
  mean = Number.NaN;
  variance = Number.NaN;

  constructor(length: number) {
    this.ring = new Ring(length);
    this.missing = length;
  }

  /** Takes a number; mean and variance stay NaN while numbers are missing. */
  next(value: number): void {
    this.ring.exchange(value);
    if (this.missing > 0) this.missing -= 1;
    if (this.missing > 0) return;
    const { values } = this.ring;
    // Measured from the newest number: equal numbers deviate by nothing at all.
    let sum = 0;
    for (let index = 0; index < values.length; index += 1) sum += values[index]! - value;
    const offset = sum / values.length;
    let squares = 0;
    for (let index = 0; index < values.length; index += 1) {
      const distance = values[index]! - value - offset;
      squares += distance * distance;
    }
    this.mean = value + offset;
    this.variance = squares / values.length;
  }
}
