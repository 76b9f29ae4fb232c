import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { averageKind, averageOfKind, averageWarmUp, type Average } from '../parts/averageOfKind.ts';

interface OscillatorPeriods {
  readonly fastperiod: number;
  readonly slowperiod: number;
  readonly matype: number;
}

class AbsolutePriceOscillator implements IndicatorState {
  private readonly fast: Average;
  private readonly slow: Average;

  constructor({ fastperiod, slowperiod, matype }: OscillatorPeriods) {
    this.fast = averageOfKind(matype, Math.min(fastperiod, slowperiod));
    this.slow = averageOfKind(matype, Math.max(fastperiod, slowperiod));
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const fast = this.fast.next(close[bar]!);
      const slow = this.slow.next(close[bar]!);
      real[bar] = fast - slow;
    }
  }
}

/**
 * Absolute price oscillator: a fast less a slow average of the close, in the price's unit. Periods the wrong way round
 * are exchanged. Warm-up: that of the slow average.
 * Source: Gerald Appel, Technical Analysis: Power Tools for Active Investors (2005).
 */
export const absolutePriceOscillator = defineIndicator({
  name: 'APO',
  title: 'Absolute price oscillator',
  family: 'momentum',
  inputs: ['close'],
  parameters: { fastperiod: period(12, 2), slowperiod: period(26, 2), matype: averageKind(1) },
  warmUp: ({ fastperiod, slowperiod, matype }) => averageWarmUp(matype, Math.max(fastperiod, slowperiod)),
  begin: (periods) => new AbsolutePriceOscillator(periods),
});
