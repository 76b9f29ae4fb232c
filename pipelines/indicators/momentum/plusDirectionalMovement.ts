import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { DirectionalMovement } from '../parts/directionalMovement.ts';

class PlusDirectionalMovement implements IndicatorState {
  private readonly movement: DirectionalMovement;
  private readonly seenMin: number;

  constructor(length: number) {
    this.movement = new DirectionalMovement(length);
    this.seenMin = barsBefore(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const real = outputs[0]!;
    const { movement } = this;
    for (let bar = from; bar < to; bar += 1) {
      // Its range is not asked for, so any close will do.
      const seen = movement.next(high[bar]!, low[bar]!, low[bar]!);
      real[bar] = seen < this.seenMin ? Number.NaN : movement.plus;
    }
  }
}

/** A bar moves against the one before it, so there is always one without a value. */
function barsBefore(length: number): number {
  return Math.max(1, length - 1);
}

/**
 * Plus directional movement, in the price's unit: upward excursions beyond the bar before, summed as Wilder does. Warm-up:
 * `timeperiod - 1` bars, 1 at least.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section IV.
 */
export const plusDirectionalMovement = defineIndicator({
  name: 'PLUS_DM',
  title: 'Plus directional movement',
  family: 'momentum',
  inputs: ['high', 'low'],
  parameters: { timeperiod: period(14, 1) },
  warmUp: ({ timeperiod }) => barsBefore(timeperiod),
  begin: ({ timeperiod }) => new PlusDirectionalMovement(timeperiod),
});
