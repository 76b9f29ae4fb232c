import { ExponentialMovingAverage } from '../averages/exponentialMovingAverage.ts';
import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';

class ElderForceIndex implements IndicatorState {
  private readonly average: ExponentialMovingAverage;
  private before = Number.NaN;

  constructor(length: number) {
    this.average = new ExponentialMovingAverage(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const volume = inputs[1]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      real[bar] = this.average.next((close[bar]! - this.before) * volume[bar]!);
      this.before = close[bar]!;
    }
  }
}

/**
 * Elder's force index: the exponential average of change of close times volume. Warm-up: `timeperiod` bars.
 * Source: Alexander Elder, Trading for a Living (1993).
 */
export const elderForceIndex = defineIndicator({
  name: 'EFI',
  title: 'Elder force index',
  family: 'volume',
  inputs: ['close', 'volume'],
  parameters: { timeperiod: period(13, 1) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new ElderForceIndex(timeperiod),
});
