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

class Variance implements IndicatorState {
  private readonly deviation: Deviation;

  constructor(length: number) {
    this.deviation = new Deviation(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    const { deviation } = this;
    for (let bar = from; bar < to; bar += 1) {
      deviation.next(close[bar]!);
      real[bar] = deviation.variance;
    }
  }
}

/**
 * Population variance of the last `timeperiod` closes. `nbdev` changes nothing: TA-Lib has it for symmetry. Warm-up:
 * `timeperiod - 1` bars.
 */
export const variance = defineIndicator({
  name: 'VAR',
  title: 'Variance',
  family: 'statistic',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1), nbdev: factor(1, 0, multipleMax) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new Variance(timeperiod),
});
