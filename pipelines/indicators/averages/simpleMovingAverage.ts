import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Ring } from '../parts/ring.ts';

/** Arithmetic mean of the last `length` numbers. */
export class SimpleMovingAverage implements IndicatorState {
  private readonly ring: Ring;
  private readonly length: number;
  private missing: number;
  // Of the newest numbers but one: what the next number completes.
  private sum = 0;

  constructor(length: number) {
    this.ring = new Ring(length);
    this.length = length;
    this.missing = length;
  }

  /** @returns the mean; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    this.ring.exchange(value);
    const sum = this.sum + value;
    this.sum = sum - this.ring.back(this.length - 1);
    if (this.missing > 0) this.missing -= 1;
    return this.missing > 0 ? Number.NaN : sum / this.length;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

/** Simple moving average: the arithmetic mean of the last `timeperiod` closes. Warm-up: `timeperiod - 1` bars. */
export const simpleMovingAverage = defineIndicator({
  name: 'SMA',
  title: 'Simple moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new SimpleMovingAverage(timeperiod),
});
