import { SimpleMovingAverage } from '../averages/simpleMovingAverage.ts';
import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Lag } from '../parts/lag.ts';

class DetrendedPriceOscillator implements IndicatorState {
  private readonly lag: Lag;
  private readonly average: SimpleMovingAverage;

  constructor(length: number) {
    this.lag = new Lag(lagOf(length));
    this.average = new SimpleMovingAverage(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const before = this.lag.next(close[bar]!);
      real[bar] = before - this.average.next(close[bar]!);
    }
  }
}

function lagOf(length: number): number {
  return Math.floor(length / 2) + 1;
}

/**
 * Detrended price oscillator, in the price's unit: the close `timeperiod / 2 + 1` bars before (rounded down) less the
 * simple average that is centred near it. It knows nothing later than its bar. Warm-up: the later of `timeperiod - 1` and
 * that lag.
 */
export const detrendedPriceOscillator = defineIndicator({
  name: 'DPO',
  title: 'Detrended price oscillator',
  family: 'momentum',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 2) },
  warmUp: ({ timeperiod }) => Math.max(timeperiod - 1, lagOf(timeperiod)),
  begin: ({ timeperiod }) => new DetrendedPriceOscillator(timeperiod),
});
