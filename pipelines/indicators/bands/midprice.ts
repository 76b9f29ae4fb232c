import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Extreme } from '../parts/extreme.ts';

class Midprice implements IndicatorState {
  private readonly highest: Extreme;
  private readonly lowest: Extreme;

  constructor(length: number) {
    this.highest = new Extreme('highest', length);
    this.lowest = new Extreme('lowest', length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      real[bar] = (this.highest.next(high[bar]!) + this.lowest.next(low[bar]!)) / 2;
    }
  }
}

/** Middle between the highest high and the lowest low of the last `timeperiod` bars. Warm-up: `timeperiod - 1` bars. */
export const midprice = defineIndicator({
  name: 'MIDPRICE',
  title: 'Midpoint of highs and lows',
  family: 'band',
  inputs: ['high', 'low'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new Midprice(timeperiod),
});
