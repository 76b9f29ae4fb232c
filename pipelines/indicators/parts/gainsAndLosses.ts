import { WilderAverage } from './wilderAverage.ts';

/** Wilder's averages of a series' rises and of its falls. */
export class GainsAndLosses {
  private readonly gains: WilderAverage;
  private readonly losses: WilderAverage;
  private before = Number.NaN;
  /** Average rise; NaN while numbers are missing. */
  gain = Number.NaN;
  /** Average fall, over 0; NaN while numbers are missing. */
  loss = Number.NaN;

  constructor(length: number) {
    this.gains = new WilderAverage(length);
    this.losses = new WilderAverage(length);
  }

  next(value: number): void {
    const change = value - this.before;
    this.before = value;
    this.gain = this.gains.next(Math.max(change, 0));
    this.loss = this.losses.next(Math.max(-change, 0));
  }
}
