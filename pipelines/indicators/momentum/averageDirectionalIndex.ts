import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { DirectionalStrength } from '../parts/directionalStrength.ts';

class AverageDirectionalIndex implements IndicatorState {
  private readonly strength: DirectionalStrength;

  constructor(length: number) {
    this.strength = new DirectionalStrength(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      real[bar] = this.strength.nextAverage(high[bar]!, low[bar]!, close[bar]!);
    }
  }
}

/**
 * Average directional movement index, 0 to 100: strength of a trend, whatever its direction; kept where nothing moves.
 * Warm-up: `2 timeperiod - 1` bars.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section IV.
 */
export const averageDirectionalIndex = defineIndicator({
  name: 'ADX',
  title: 'Average directional movement index',
  family: 'momentum',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => 2 * timeperiod - 1,
  begin: ({ timeperiod }) => new AverageDirectionalIndex(timeperiod),
});
