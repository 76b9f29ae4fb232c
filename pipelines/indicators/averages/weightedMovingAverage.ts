import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { RegressionLine } from '../parts/regressionLine.ts';

/** Mean of the last `length` numbers with weights 1 for the oldest to `length` for the newest. */
export class WeightedMovingAverage implements IndicatorState {
  private readonly line: RegressionLine;
  private readonly weights: number;

  constructor(length: number) {
    this.line = new RegressionLine(length);
    this.weights = (length * (length + 1)) / 2;
  }

  /** @returns the mean; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    const { line } = this;
    line.next(value);
    // Weights are times: what they add to the plain mean is the product of time and number.
    return line.mean + line.product / this.weights;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

/**
 * Linearly weighted moving average: the newest close weighs `timeperiod`, the oldest 1. Warm-up: `timeperiod - 1` bars.
 */
export const weightedMovingAverage = defineIndicator({
  name: 'WMA',
  title: 'Weighted moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new WeightedMovingAverage(timeperiod),
});
