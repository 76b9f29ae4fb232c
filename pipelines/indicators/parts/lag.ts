import { Ring } from './ring.ts';

/** A series, some bars late. */
export class Lag {
  private readonly ring: Ring;
  private missing: number;

  constructor(bars: number) {
    this.ring = new Ring(bars);
    this.missing = bars;
  }

  /** @returns the number that came `bars` numbers before; NaN while there is none. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    const before = this.ring.exchange(value);
    if (this.missing === 0) return before;
    this.missing -= 1;
    return Number.NaN;
  }
}
