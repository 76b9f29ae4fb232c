import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { ExponentialMovingAverage } from './exponentialMovingAverage.ts';

/** Twice an exponential average, less the average of that average: half of its lag is gone. */
export class DoubleExponentialMovingAverage implements IndicatorState {
  private readonly first: ExponentialMovingAverage;
  private readonly second: ExponentialMovingAverage;

  constructor(length: number) {
    this.first = new ExponentialMovingAverage(length);
    this.second = new ExponentialMovingAverage(length);
  }

  /** @returns the average; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    const once = this.first.next(value);
    return 2 * once - this.second.next(once);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

/**
 * Double exponential moving average: 2 EMA - EMA(EMA). Warm-up: `2 (timeperiod - 1)` bars.
 * Source: Patrick Mulloy, Smoothing Data with Faster Moving Averages, Technical Analysis of Stocks and Commodities (1994).
 */
export const doubleExponentialMovingAverage = defineIndicator({
  name: 'DEMA',
  title: 'Double exponential moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1) },
  warmUp: ({ timeperiod }) => 2 * (timeperiod - 1),
  begin: ({ timeperiod }) => new DoubleExponentialMovingAverage(timeperiod),
});
