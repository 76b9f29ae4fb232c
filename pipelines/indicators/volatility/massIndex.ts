import { ExponentialMovingAverage } from '../averages/exponentialMovingAverage.ts';
import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { WindowSum } from '../parts/windowSum.ts';

class MassIndex implements IndicatorState {
  private readonly once: ExponentialMovingAverage;
  private readonly twice: ExponentialMovingAverage;
  private readonly sum: WindowSum;

  constructor(fast: number, slow: number) {
    this.once = new ExponentialMovingAverage(fast);
    this.twice = new ExponentialMovingAverage(fast);
    this.sum = new WindowSum(slow);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const once = this.once.next(high[bar]! - low[bar]!);
      const twice = this.twice.next(once);
      real[bar] = this.sum.next(twice === 0 ? 0 : once / twice);
    }
  }
}

/**
 * Mass index: the sum over `slowperiod` bars of the range's exponential average over the average of that average; it
 * rises where ranges widen. Warm-up: `2 (fastperiod - 1) + slowperiod - 1` bars.
 * Source: Donald Dorsey, The Mass Index, Technical Analysis of Stocks and Commodities (1992).
 */
export const massIndex = defineIndicator({
  name: 'MASSI',
  title: 'Mass index',
  family: 'volatility',
  inputs: ['high', 'low'],
  parameters: { fastperiod: period(9, 2), slowperiod: period(25, 2) },
  warmUp: ({ fastperiod, slowperiod }) => 2 * (fastperiod - 1) + slowperiod - 1,
  begin: ({ fastperiod, slowperiod }) => new MassIndex(fastperiod, slowperiod),
});
