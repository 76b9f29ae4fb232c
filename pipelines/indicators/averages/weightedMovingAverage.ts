import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Ring } from '../parts/ring.ts';

/** Mean of the last `length` numbers with weights 1 for the oldest to `length` for the newest. */
export class WeightedMovingAverage implements IndicatorState {
  private readonly ring: Ring;
  private readonly length: number;
  private readonly weights: number;
  private missing: number;

  constructor(length: number) {
    this.ring = new Ring(length);
    this.length = length;
    this.weights = (length * (length + 1)) / 2;
    this.missing = length;
  }

  /** @returns the mean; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    const { ring, length } = this;
    ring.exchange(value);
    if (this.missing > 0) this.missing -= 1;
    if (this.missing > 0) return Number.NaN;
    let weighted = 0;
    for (let back = 0; back < length; back += 1) weighted += (length - back) * ring.back(back);
    return weighted / this.weights;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

/**
 * Linearly weighted moving average: the newest close weighs `timeperiod`, the oldest 1. Warm-up: `timeperiod - 1` bars.
 */
export const weightedMovingAverage = defineIndicator({
  name: 'WMA',
  title: 'Weighted moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new WeightedMovingAverage(timeperiod),
});
