import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { ExponentialMovingAverage } from './exponentialMovingAverage.ts';

/** An exponential average whose lag is taken out twice, by the averages of its average. */
export class TripleExponentialMovingAverage implements IndicatorState {
  private readonly first: ExponentialMovingAverage;
  private readonly second: ExponentialMovingAverage;
  private readonly third: ExponentialMovingAverage;

  constructor(length: number) {
    this.first = new ExponentialMovingAverage(length);
    this.second = new ExponentialMovingAverage(length);
    this.third = new ExponentialMovingAverage(length);
  }

  /** @returns the average; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    const once = this.first.next(value);
    const twice = this.second.next(once);
    return this.third.next(twice) + (3 * once - 3 * twice);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

/**
 * Triple exponential moving average: 3 EMA - 3 EMA(EMA) + EMA(EMA(EMA)). Warm-up: `3 (timeperiod - 1)` bars.
 * Source: Patrick Mulloy, Smoothing Data with Less Lag, Technical Analysis of Stocks and Commodities (1994).
 */
export const tripleExponentialMovingAverage = defineIndicator({
  name: 'TEMA',
  title: 'Triple exponential moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1) },
  warmUp: ({ timeperiod }) => 3 * (timeperiod - 1),
  begin: ({ timeperiod }) => new TripleExponentialMovingAverage(timeperiod),
});
