import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Extreme } from '../parts/extreme.ts';

class AroonOscillator implements IndicatorState {
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
    const real = outputs[0]!;
    const { highest, lowest } = this;
    for (let bar = from; bar < to; bar += 1) {
      const ready = !Number.isNaN(highest.next(high[bar]!) + lowest.next(low[bar]!));
      real[bar] = ready ? (100 * (lowest.age - highest.age)) / this.length : Number.NaN;
    }
  }
}

/**
 * Aroon oscillator, -100 to 100: Aroon up less Aroon down. Warm-up: `timeperiod` bars.
 * Source: Tushar Chande, The Time Price Oscillator, Technical Analysis of Stocks and Commodities (1995).
 */
export const aroonOscillator = defineIndicator({
  name: 'AROONOSC',
  title: 'Aroon oscillator',
  family: 'momentum',
  inputs: ['high', 'low'],
  parameters: { timeperiod: period(25, 2) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new AroonOscillator(timeperiod),
});
