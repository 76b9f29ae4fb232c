import { DirectionalMovement } from './directionalMovement.ts';

/** Wilder's directional index, how one-sided movement is, and its average. Source: Wilder (1978), section IV. */
export class DirectionalStrength {
  private readonly movement: DirectionalMovement;
  private readonly length: number;
  private kept = 0;
  private average = 0;

  constructor(length: number) {
    this.movement = new DirectionalMovement(length);
    this.length = length;
  }

  /** @returns 0 to 100, kept where nothing moves, 0 before anything did; NaN while bars are missing */
  nextIndex(high: number, low: number, close: number): number {
    const seen = this.movement.next(high, low, close);
    this.kept = this.index() ?? this.kept;
    return seen < this.length ? Number.NaN : this.kept;
  }

  /** @returns Wilder's average of the index, 0 to 100, kept where nothing moves; NaN while bars are missing */
  nextAverage(high: number, low: number, close: number): number {
    const { length } = this;
    const seen = this.movement.next(high, low, close);
    if (seen < length) return Number.NaN;
    const index = this.index();
    if (seen < 2 * length) this.average += (index ?? 0) / length;
    else if (index !== undefined) this.average = (this.average * (length - 1) + index) / length;
    return seen < 2 * length - 1 ? Number.NaN : this.average;
  }

  private index(): number | undefined {
    const { plus, minus, range } = this.movement;
    return range === 0 || plus + minus === 0 ? undefined : (100 * Math.abs(plus - minus)) / (plus + minus);
  }
}
