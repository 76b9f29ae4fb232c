import {
  defineIndicator,
  factor,
  multipleMax,
  period,
  type Columns,
  type IndicatorState,
  type Span,
} from '../indicator.ts';
import { Deviation } from '../parts/deviation.ts';

class StandardDeviation implements IndicatorState {
  private readonly deviation: Deviation;
  private readonly factor: number;

  constructor(length: number, factor: number) {
    this.deviation = new Deviation(length);
    this.factor = factor;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    const { deviation } = this;
    for (let bar = from; bar < to; bar += 1) {
      deviation.next(close[bar]!);
      real[bar] = Math.sqrt(deviation.variance) * this.factor;
    }
  }
}

/**
 * Population standard deviation of the last `timeperiod` closes, times `nbdev`, in the price's unit. Warm-up:
 * `timeperiod - 1` bars.
 */
export const standardDeviation = defineIndicator({
  name: 'STDDEV',
  title: 'Standard deviation',
  family: 'statistic',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 2), nbdev: factor(1, 0, multipleMax) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod, nbdev }) => new StandardDeviation(timeperiod, nbdev),
});
