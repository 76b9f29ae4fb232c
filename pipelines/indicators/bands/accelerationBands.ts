import { SimpleMovingAverage } from '../averages/simpleMovingAverage.ts';
import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';

class AccelerationBands implements IndicatorState {
  private readonly upper: SimpleMovingAverage;
  private readonly middle: SimpleMovingAverage;
  private readonly lower: SimpleMovingAverage;

  constructor(length: number) {
    this.upper = new SimpleMovingAverage(length);
    this.middle = new SimpleMovingAverage(length);
    this.lower = new SimpleMovingAverage(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const upper = outputs[0]!;
    const middle = outputs[1]!;
    const lower = outputs[2]!;
    for (let bar = from; bar < to; bar += 1) {
      const top = high[bar]!;
      const bottom = low[bar]!;
      const sum = top + bottom;
      const stretch = sum === 0 ? 0 : (4 * (top - bottom)) / sum;
      upper[bar] = this.upper.next(top * (1 + stretch));
      middle[bar] = this.middle.next(close[bar]!);
      lower[bar] = this.lower.next(bottom * (1 - stretch));
    }
  }
}

/**
 * Acceleration bands: averages of the close and of high and low stretched by four times the bar's range over the sum of
 * its ends. Warm-up: `timeperiod - 1` bars.
 * Source: Price Headley, Big Trends in Trading (2002).
 */
export const accelerationBands = defineIndicator({
  name: 'ACCBANDS',
  title: 'Acceleration bands',
  family: 'band',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod: period(20, 2) },
  outputs: ['upperband', 'middleband', 'lowerband'],
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new AccelerationBands(timeperiod),
});
