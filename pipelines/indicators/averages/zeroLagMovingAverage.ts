import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Lag } from '../parts/lag.ts';
import { ExponentialMovingAverage } from './exponentialMovingAverage.ts';

/** An exponential average of numbers pushed ahead by what they gained over its lag. */
class ZeroLagMovingAverage implements IndicatorState {
  private readonly lag: Lag | undefined;
  private readonly average: ExponentialMovingAverage;

  constructor(length: number) {
    const bars = lagOf(length);
    this.lag = bars === 0 ? undefined : new Lag(bars);
    this.average = new ExponentialMovingAverage(length);
  }

  private next(value: number): number {
    const before = this.lag ? this.lag.next(value) : value;
    return this.average.next(2 * value - before);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(close[bar]!);
  }
}

function lagOf(length: number): number {
  return Math.floor((length - 1) / 2);
}

/**
 * Zero-lag exponential moving average: EMA of twice the close less the close `(timeperiod - 1) / 2` bars before, rounded
 * down. Warm-up: that lag and `timeperiod - 1` bars.
 * Source: John Ehlers and Ric Way, Zero Lag (Well, Almost), Technical Analysis of Stocks and Commodities (2010).
 */
export const zeroLagMovingAverage = defineIndicator({
  name: 'ZLEMA',
  title: 'Zero-lag exponential moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 1) },
  warmUp: ({ timeperiod }) => lagOf(timeperiod) + timeperiod - 1,
  begin: ({ timeperiod }) => new ZeroLagMovingAverage(timeperiod),
});
