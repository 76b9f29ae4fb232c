import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { SimpleMovingAverage } from './simpleMovingAverage.ts';

/** Mean whose weights rise to the middle of the window and fall again: a simple average of simple averages. */
export class TriangularMovingAverage implements IndicatorState {
  private readonly first: SimpleMovingAverage;
  private readonly second: SimpleMovingAverage;

  constructor(length: number) {
    this.first = new SimpleMovingAverage(Math.floor(length / 2) + 1);
    this.second = new SimpleMovingAverage(Math.ceil(length / 2));
  }

  /** @returns the average; NaN while numbers are missing. NaN is not counted */
  next(value: number): number {
    return this.second.next(this.first.next(value));
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

/** Triangular moving average: the middle of the last `timeperiod` closes weighs most. Warm-up: `timeperiod - 1` bars. */
export const triangularMovingAverage = defineIndicator({
  name: 'TRIMA',
  title: 'Triangular moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new TriangularMovingAverage(timeperiod),
});
