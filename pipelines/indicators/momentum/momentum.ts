import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Lag } from '../parts/lag.ts';

class Momentum implements IndicatorState {
  private readonly lag: Lag;

  constructor(bars: number) {
    this.lag = new Lag(bars);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const before = this.lag.next(close[bar]!);
      real[bar] = close[bar]! - before;
    }
  }
}

/** Change of the close over `timeperiod` bars, in the price's unit. Warm-up: `timeperiod` bars. */
export const momentum = defineIndicator({
  name: 'MOM',
  title: 'Momentum',
  family: 'momentum',
  inputs: ['close'],
  parameters: { timeperiod: period(10, 1) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new Momentum(timeperiod),
});
