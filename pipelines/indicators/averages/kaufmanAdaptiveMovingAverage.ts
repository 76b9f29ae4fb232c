import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Lag } from '../parts/lag.ts';
import { WindowSum } from '../parts/windowSum.ts';

const fastestWeight = 2 / (2 + 1);
const slowestWeight = 2 / (30 + 1);

/** An exponential average as fast as the way of the price is straight. */
export class KaufmanAdaptiveMovingAverage implements IndicatorState {
  private readonly lag: Lag;
  private readonly way: WindowSum;
  private before = Number.NaN;
  private average = Number.NaN;

  constructor(length: number) {
    this.lag = new Lag(length);
    this.way = new WindowSum(length);
  }

  /** @returns the average; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    const { before } = this;
    this.before = value;
    const distance = Math.abs(value - this.lag.next(value));
    const way = this.way.next(Math.abs(value - before));
    // The price one bar before the first value seeds the average.
    if (Number.isNaN(way)) return Number.NaN;
    if (Number.isNaN(this.average)) this.average = before;
    const efficiency = way <= distance ? 1 : distance / way;
    const weight = (efficiency * (fastestWeight - slowestWeight) + slowestWeight) ** 2;
    this.average += (value - this.average) * weight;
    return this.average;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

/**
 * Kaufman's adaptive moving average: an exponential average whose weight lies between those of 2 and of 30 bars, by the
 * ratio of the price's distance to its way over `timeperiod` bars. Warm-up: `timeperiod` bars.
 * Source: Perry Kaufman, Smarter Trading (1995).
 */
export const kaufmanAdaptiveMovingAverage = defineIndicator({
  name: 'KAMA',
  title: 'Kaufman adaptive moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(10, 2) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new KaufmanAdaptiveMovingAverage(timeperiod),
});
