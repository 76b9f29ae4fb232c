import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { WeightedMovingAverage } from './weightedMovingAverage.ts';

/** A short weighted average pushed ahead by its distance to a long one, then smoothed. */
class HullMovingAverage implements IndicatorState {
  private readonly half: WeightedMovingAverage;
  private readonly whole: WeightedMovingAverage;
  private readonly smooth: WeightedMovingAverage;

  constructor(length: number) {
    this.half = new WeightedMovingAverage(Math.max(1, Math.floor(length / 2)));
    this.whole = new WeightedMovingAverage(length);
    this.smooth = new WeightedMovingAverage(smoothingLength(length));
  }

  private next(value: number): number {
    return this.smooth.next(2 * this.half.next(value) - this.whole.next(value));
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

function smoothingLength(length: number): number {
  return Math.floor(Math.sqrt(length));
}

/**
 * Hull moving average: WMA over √n bars of 2 WMA(n / 2) - WMA(n), halves and roots rounded down. Warm-up:
 * `timeperiod - 1 + √timeperiod - 1` bars.
 * Source: Alan Hull, Hull Moving Average (2005).
 */
export const hullMovingAverage = defineIndicator({
  name: 'HMA',
  title: 'Hull moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1) },
  warmUp: ({ timeperiod }) => timeperiod - 1 + smoothingLength(timeperiod) - 1,
  begin: ({ timeperiod }) => new HullMovingAverage(timeperiod),
});
