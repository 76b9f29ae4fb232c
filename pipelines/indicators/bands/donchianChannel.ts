import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Extreme } from '../parts/extreme.ts';

class DonchianChannel implements IndicatorState {
  private readonly highest: Extreme;
  private readonly lowest: Extreme;

  constructor(length: number) {
    this.highest = new Extreme('highest', length);
    this.lowest = new Extreme('lowest', length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const upper = outputs[0]!;
    const middle = outputs[1]!;
    const lower = outputs[2]!;
    for (let bar = from; bar < to; bar += 1) {
      const top = this.highest.next(high[bar]!);
      const bottom = this.lowest.next(low[bar]!);
      upper[bar] = top;
      middle[bar] = (top + bottom) / 2;
      lower[bar] = bottom;
    }
  }
}

/**
 * Donchian channel: highest high, lowest low and their middle over the last `timeperiod` bars, the current one included.
 * Warm-up: `timeperiod - 1` bars.
 * Source: Richard Donchian, Commodities: High Finance in Copper, Financial Analysts Journal (1960).
 */
export const donchianChannel = defineIndicator({
  name: 'DONCHIAN',
  title: 'Donchian channel',
  family: 'band',
  inputs: ['high', 'low'],
  parameters: { timeperiod: period(20, 2) },
  outputs: ['upperband', 'middleband', 'lowerband'],
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new DonchianChannel(timeperiod),
});
