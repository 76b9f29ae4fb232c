import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { WilderAverage } from '../parts/wilderAverage.ts';

/** Wilder's average of a column. */
class WilderMovingAverage implements IndicatorState {
  private readonly average: WilderAverage;

  constructor(length: number) {
    this.average = new WilderAverage(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.average.next(close[bar]!);
  }
}

/**
 * Wilder's moving average: each close weighs 1 / `timeperiod`; its first value is the simple average. Warm-up:
 * `timeperiod - 1` bars.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
 */
export const wilderMovingAverage = defineIndicator({
  name: 'RMA',
  title: 'Wilder moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new WilderMovingAverage(timeperiod),
});
