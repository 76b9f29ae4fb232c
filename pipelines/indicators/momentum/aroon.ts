import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Extreme } from '../parts/extreme.ts';

class Aroon implements IndicatorState {
  private readonly highest: Extreme;
  private readonly lowest: Extreme;
  private readonly length: number;

  constructor(length: number) {
    this.highest = new Extreme('highest', length + 1);
    this.lowest = new Extreme('lowest', length + 1);
    this.length = length;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const down = outputs[0]!;
    const up = outputs[1]!;
    const { highest, lowest, length } = this;
    for (let bar = from; bar < to; bar += 1) {
      const ready = !Number.isNaN(highest.next(high[bar]!) + lowest.next(low[bar]!));
      down[bar] = ready ? (100 * (length - lowest.age)) / length : Number.NaN;
      up[bar] = ready ? (100 * (length - highest.age)) / length : Number.NaN;
    }
  }
}

/**
 * Aroon, 0 to 100: how recent the lowest low (down) and the highest high (up) of the last `timeperiod + 1` bars are; of
 * equals the latest counts. Warm-up: `timeperiod` bars.
 * Source: Tushar Chande, The Time Price Oscillator, Technical Analysis of Stocks and Commodities (1995).
 */
export const aroon = defineIndicator({
  name: 'AROON',
  title: 'Aroon',
  family: 'momentum',
  inputs: ['high', 'low'],
  parameters: { timeperiod: period(25, 2) },
  outputs: ['aroondown', 'aroonup'],
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new Aroon(timeperiod),
});
