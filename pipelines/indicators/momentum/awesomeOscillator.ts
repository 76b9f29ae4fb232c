import { SimpleMovingAverage } from '../averages/simpleMovingAverage.ts';
import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';

class AwesomeOscillator implements IndicatorState {
  private readonly fast: SimpleMovingAverage;
  private readonly slow: SimpleMovingAverage;

  constructor(fast: number, slow: number) {
    this.fast = new SimpleMovingAverage(fast);
    this.slow = new SimpleMovingAverage(slow);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const median = (high[bar]! + low[bar]!) / 2;
      const fast = this.fast.next(median);
      real[bar] = fast - this.slow.next(median);
    }
  }
}

/**
 * Awesome oscillator: a fast less a slow simple average of the bar's middle, in the price's unit. Warm-up: the longer
 * period less 1.
 * Source: Bill Williams, New Trading Dimensions (1998).
 */
export const awesomeOscillator = defineIndicator({
  name: 'AO',
  title: 'Awesome oscillator',
  family: 'momentum',
  inputs: ['high', 'low'],
  parameters: { fastperiod: period(5, 2), slowperiod: period(34, 2) },
  warmUp: ({ fastperiod, slowperiod }) => Math.max(fastperiod, slowperiod) - 1,
  begin: ({ fastperiod, slowperiod }) => new AwesomeOscillator(fastperiod, slowperiod),
});
