import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { GainsAndLosses } from '../parts/gainsAndLosses.ts';

/** Share of rises in all movement, smoothed as Wilder does. */
export class RelativeStrengthIndex implements IndicatorState {
  private readonly changes: GainsAndLosses;

  constructor(length: number) {
    this.changes = new GainsAndLosses(length);
  }

  /** @returns 0 to 100; NaN while numbers are missing */
  next(value: number): number {
    const { changes } = this;
    changes.next(value);
    const moved = changes.gain + changes.loss;
    return moved === 0 ? 0 : 100 * (changes.gain / moved);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

/**
 * Relative strength index, 0 to 100; 0 where no price has moved yet. Warm-up: `timeperiod` bars.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section VI.
 */
export const relativeStrengthIndex = defineIndicator({
  name: 'RSI',
  title: 'Relative strength index',
  family: 'momentum',
  inputs: ['close'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new RelativeStrengthIndex(timeperiod),
});
