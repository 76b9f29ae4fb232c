import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';

/** Exponential average with weight 2 / (`length` + 1), seeded by the mean of the first `length` numbers. */
export class ExponentialMovingAverage implements IndicatorState {
  private readonly length: number;
  private readonly weight: number;
  private seen = 0;
  private average = 0;

  constructor(length: number) {
    this.length = length;
    this.weight = 2 / (length + 1);
  }

  /** @returns the average; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    if (this.seen >= this.length) {
      this.average += (value - this.average) * this.weight;
      return this.average;
    }
    this.average += value;
    this.seen += 1;
    if (this.seen < this.length) return Number.NaN;
    this.average /= this.length;
    return this.average;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

/**
 * Exponential moving average with weight 2 / (`timeperiod` + 1); its first value is the simple average. Warm-up:
 * `timeperiod - 1` bars.
 */
export const exponentialMovingAverage = defineIndicator({
  name: 'EMA',
  title: 'Exponential moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new ExponentialMovingAverage(timeperiod),
});
