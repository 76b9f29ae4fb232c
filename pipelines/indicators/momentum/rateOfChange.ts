import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Lag } from '../parts/lag.ts';

class RateOfChange implements IndicatorState {
  private readonly lag: Lag;

  constructor(bars: number) {
    this.lag = new Lag(bars);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const before = this.lag.next(close[bar]!);
      real[bar] = before === 0 ? 0 : (close[bar]! / before - 1) * 100;
    }
  }
}

/** Change of the close over `timeperiod` bars in percent of the earlier one; 0 where that is 0. Warm-up: `timeperiod` bars. */
export const rateOfChange = defineIndicator({
  name: 'ROC',
  title: 'Rate of change in percent',
  family: 'momentum',
  inputs: ['close'],
  parameters: { timeperiod: period(10, 1) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new RateOfChange(timeperiod),
});
