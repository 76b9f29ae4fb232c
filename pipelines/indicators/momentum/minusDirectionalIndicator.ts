import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { DirectionalMovement } from '../parts/directionalMovement.ts';

class MinusDirectionalIndicator implements IndicatorState {
  private readonly movement: DirectionalMovement;
  private readonly length: number;

  constructor(length: number) {
    this.movement = new DirectionalMovement(length);
    this.length = length;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const real = outputs[0]!;
    const { movement } = this;
    for (let bar = from; bar < to; bar += 1) {
      const seen = movement.next(high[bar]!, low[bar]!, close[bar]!);
      const share = movement.range === 0 ? 0 : (100 * movement.minus) / movement.range;
      real[bar] = seen < this.length ? Number.NaN : share;
    }
  }
}

/**
 * Minus directional indicator, 0 to 100: downward movement in percent of the true range; 0 where nothing moves. Warm-up:
 * `timeperiod` bars.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section IV.
 */
export const minusDirectionalIndicator = defineIndicator({
  name: 'MINUS_DI',
  title: 'Minus directional indicator',
  family: 'momentum',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new MinusDirectionalIndicator(timeperiod),
});
