import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { DirectionalStrength } from '../parts/directionalStrength.ts';
import { Lag } from '../parts/lag.ts';

class AverageDirectionalIndexRating implements IndicatorState {
  private readonly strength: DirectionalStrength;
  private readonly before: Lag;

  constructor(length: number) {
    this.strength = new DirectionalStrength(length);
    this.before = new Lag(length - 1);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const average = this.strength.nextAverage(high[bar]!, low[bar]!, close[bar]!);
      real[bar] = (average + this.before.next(average)) / 2;
    }
  }
}

/**
 * Rating of the average directional movement index: its mean with its value `timeperiod - 1` bars before. Warm-up:
 * `3 timeperiod - 2` bars.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section IV.
 */
export const averageDirectionalIndexRating = defineIndicator({
  name: 'ADXR',
  title: 'Average directional movement index rating',
  family: 'momentum',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => 3 * timeperiod - 2,
  begin: ({ timeperiod }) => new AverageDirectionalIndexRating(timeperiod),
});
