import { ExponentialMovingAverage } from '../averages/exponentialMovingAverage.ts';
import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';

class TripleExponentialRateOfChange implements IndicatorState {
  private readonly first: ExponentialMovingAverage;
  private readonly second: ExponentialMovingAverage;
  private readonly third: ExponentialMovingAverage;
  private before = Number.NaN;

  constructor(length: number) {
    this.first = new ExponentialMovingAverage(length);
    this.second = new ExponentialMovingAverage(length);
    this.third = new ExponentialMovingAverage(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const average = this.third.next(this.second.next(this.first.next(close[bar]!)));
      real[bar] = this.before === 0 ? 0 : (average / this.before - 1) * 100;
      this.before = average;
    }
  }
}

/**
 * TRIX: change a bar, in percent, of the exponential average of the exponential average of the exponential average.
 * Warm-up: `3 (timeperiod - 1) + 1` bars.
 * Source: Jack Hutson, Good TRIX, Technical Analysis of Stocks and Commodities (1983).
 */
export const tripleExponentialRateOfChange = defineIndicator({
  name: 'TRIX',
  title: 'Rate of change of a triple exponential average',
  family: 'momentum',
  inputs: ['close'],
  parameters: { timeperiod: period(15, 1) },
  warmUp: ({ timeperiod }) => 3 * (timeperiod - 1) + 1,
  begin: ({ timeperiod }) => new TripleExponentialRateOfChange(timeperiod),
});
