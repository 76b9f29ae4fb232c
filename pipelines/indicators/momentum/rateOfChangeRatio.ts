import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Lag } from '../parts/lag.ts';

class RateOfChangeRatio implements IndicatorState {
  private readonly lag: Lag;

  constructor(bars: number) {
    this.lag = new Lag(bars);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const before = this.lag.next(close[bar]!);
      real[bar] = before === 0 ? 0 : close[bar]! / before;
    }
  }
}

/** The close over that `timeperiod` bars before; 0 where that is 0. Warm-up: `timeperiod` bars. */
export const rateOfChangeRatio = defineIndicator({
  name: 'ROCR',
  title: 'Rate of change as a ratio',
  family: 'momentum',
  inputs: ['close'],
  parameters: { timeperiod: period(10, 1) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new RateOfChangeRatio(timeperiod),
});
