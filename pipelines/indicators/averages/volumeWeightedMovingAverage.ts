import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { WindowSum } from '../parts/windowSum.ts';

class VolumeWeightedMovingAverage implements IndicatorState {
  private readonly value: WindowSum;
  private readonly volume: WindowSum;

  constructor(length: number) {
    this.value = new WindowSum(length);
    this.volume = new WindowSum(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const volume = inputs[1]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const value = this.value.next(close[bar]! * volume[bar]!);
      const traded = this.volume.next(volume[bar]!);
      real[bar] = value / traded;
    }
  }
}

/**
 * Volume-weighted moving average of the last `timeperiod` closes; NaN where nothing traded. Warm-up: `timeperiod - 1`
 * bars.
 * Source: Buff Dormeier, Investing with Volume Analysis (2011).
 */
export const volumeWeightedMovingAverage = defineIndicator({
  name: 'VWMA',
  title: 'Volume-weighted moving average',
  family: 'average',
  inputs: ['close', 'volume'],
  parameters: { timeperiod: period(20, 2) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new VolumeWeightedMovingAverage(timeperiod),
});
