import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { RegressionLine } from '../parts/regressionLine.ts';

class LinearRegression implements IndicatorState {
  private readonly line: RegressionLine;

  constructor(length: number) {
    this.line = new RegressionLine(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    const { line } = this;
    for (let bar = from; bar < to; bar += 1) {
      line.next(close[bar]!);
      real[bar] = line.end;
    }
  }
}

/** End of the least-squares line through the last `timeperiod` closes. Warm-up: `timeperiod - 1` bars. */
export const linearRegression = defineIndicator({
  name: 'LINEARREG',
  title: 'Linear regression',
  family: 'band',
  inputs: ['close'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new LinearRegression(timeperiod),
});
