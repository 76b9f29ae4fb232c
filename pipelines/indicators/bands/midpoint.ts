import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Extreme } from '../parts/extreme.ts';

class Midpoint implements IndicatorState {
  private readonly highest: Extreme;
  private readonly lowest: Extreme;

  constructor(length: number) {
    this.highest = new Extreme('highest', length);
    this.lowest = new Extreme('lowest', length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      real[bar] = (this.highest.next(close[bar]!) + this.lowest.next(close[bar]!)) / 2;
    }
  }
}

/** Middle between the highest and the lowest of the last `timeperiod` closes. Warm-up: `timeperiod - 1` bars. */
export const midpoint = defineIndicator({
  name: 'MIDPOINT',
  title: 'Midpoint of closes',
  family: 'band',
  inputs: ['close'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new Midpoint(timeperiod),
});
