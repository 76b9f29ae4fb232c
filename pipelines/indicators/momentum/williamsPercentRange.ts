import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Extreme } from '../parts/extreme.ts';

class WilliamsPercentRange implements IndicatorState {
  private readonly highest: Extreme;
  private readonly lowest: Extreme;

  constructor(length: number) {
    this.highest = new Extreme('highest', length);
    this.lowest = new Extreme('lowest', length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const top = this.highest.next(high[bar]!);
      const bottom = this.lowest.next(low[bar]!);
      real[bar] = top === bottom ? 0 : (-100 * (top - close[bar]!)) / (top - bottom);
    }
  }
}

/**
 * Williams %R, -100 (at the low) to 0 (at the high): how far the close lies under the top of the last `timeperiod` bars; 0
 * without a range. Warm-up: `timeperiod - 1` bars.
 * Source: Larry Williams, How I Made One Million Dollars Last Year Trading Commodities (1973).
 */
export const williamsPercentRange = defineIndicator({
  name: 'WILLR',
  title: 'Williams percent range',
  family: 'momentum',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new WilliamsPercentRange(timeperiod),
});
