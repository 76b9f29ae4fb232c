import { ExponentialMovingAverage } from '../averages/exponentialMovingAverage.ts';
import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';

interface ConvergencePeriods {
  readonly fastperiod: number;
  readonly slowperiod: number;
  readonly signalperiod: number;
}

class MovingAverageConvergence implements IndicatorState {
  private readonly fast: ExponentialMovingAverage;
  private readonly slow: ExponentialMovingAverage;
  private readonly signal: ExponentialMovingAverage;
  // The fast average is seeded late, so that both begin on one bar.
  private unreadByFast: number;

  constructor({ fastperiod, slowperiod, signalperiod }: ConvergencePeriods) {
    const [fast, slow] = [Math.min(fastperiod, slowperiod), Math.max(fastperiod, slowperiod)];
    this.fast = new ExponentialMovingAverage(fast);
    this.slow = new ExponentialMovingAverage(slow);
    this.signal = new ExponentialMovingAverage(signalperiod);
    this.unreadByFast = slow - fast;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const line = outputs[0]!;
    const signal = outputs[1]!;
    const histogram = outputs[2]!;
    for (let bar = from; bar < to; bar += 1) {
      const difference = this.nextDifference(close[bar]!);
      const average = this.signal.next(difference);
      signal[bar] = average;
      histogram[bar] = difference - average;
      line[bar] = Number.isNaN(average) ? Number.NaN : difference;
    }
  }

  private nextDifference(close: number): number {
    const slow = this.slow.next(close);
    if (this.unreadByFast === 0) return this.fast.next(close) - slow;
    this.unreadByFast -= 1;
    return Number.NaN;
  }
}

/**
 * Moving average convergence and divergence: a fast less a slow exponential average, the exponential average of that
 * (the signal), and their difference. Periods the wrong way round are exchanged. Warm-up: slow plus signal period, less 2.
 * Source: Gerald Appel, Technical Analysis: Power Tools for Active Investors (2005).
 */
export const movingAverageConvergence = defineIndicator({
  name: 'MACD',
  title: 'Moving average convergence and divergence',
  family: 'momentum',
  inputs: ['close'],
  parameters: { fastperiod: period(12, 2), slowperiod: period(26, 2), signalperiod: period(9, 1) },
  outputs: ['macd', 'macdsignal', 'macdhist'],
  warmUp: ({ fastperiod, slowperiod, signalperiod }) => Math.max(fastperiod, slowperiod) + signalperiod - 2,
  begin: (periods) => new MovingAverageConvergence(periods),
});
