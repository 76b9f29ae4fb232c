import { defineIndicator, factor, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { ExponentialMovingAverage } from './exponentialMovingAverage.ts';

interface TillsonWeights {
  readonly third: number;
  readonly fourth: number;
  readonly fifth: number;
  readonly sixth: number;
}

/** Six exponential averages, each of the one before, the last four combined. */
class TillsonMovingAverage implements IndicatorState {
  private readonly first: ExponentialMovingAverage;
  private readonly second: ExponentialMovingAverage;
  private readonly third: ExponentialMovingAverage;
  private readonly fourth: ExponentialMovingAverage;
  private readonly fifth: ExponentialMovingAverage;
  private readonly sixth: ExponentialMovingAverage;
  private readonly weights: TillsonWeights;

  constructor(length: number, volumeFactor: number) {
    this.first = new ExponentialMovingAverage(length);
    this.second = new ExponentialMovingAverage(length);
    this.third = new ExponentialMovingAverage(length);
    this.fourth = new ExponentialMovingAverage(length);
    this.fifth = new ExponentialMovingAverage(length);
    this.sixth = new ExponentialMovingAverage(length);
    const square = volumeFactor ** 2;
    const cube = volumeFactor ** 3;
    this.weights = {
      third: 1 + 3 * volumeFactor + cube + 3 * square,
      fourth: -6 * square - 3 * (volumeFactor + cube),
      fifth: 3 * (square + cube),
      sixth: -cube,
    };
  }

  private next(value: number): number {
    const third = this.third.next(this.second.next(this.first.next(value)));
    const fourth = this.fourth.next(third);
    const fifth = this.fifth.next(fourth);
    const sixth = this.sixth.next(fifth);
    const { weights } = this;
    return weights.sixth * sixth + weights.fifth * fifth + weights.fourth * fourth + weights.third * third;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

/**
 * Tillson's T3: a generalised double exponential average applied three times; `vfactor` 0 is plain, 1 is sharpest.
 * Warm-up: `6 (timeperiod - 1)` bars.
 * Source: Tim Tillson, Better Moving Averages, Technical Analysis of Stocks and Commodities (1998).
 */
export const tillsonMovingAverage = defineIndicator({
  name: 'T3',
  title: 'Tillson T3 moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(5, 1), vfactor: factor(0.7, 0, 1) },
  warmUp: ({ timeperiod }) => 6 * (timeperiod - 1),
  begin: ({ timeperiod, vfactor }) => new TillsonMovingAverage(timeperiod, vfactor),
});
