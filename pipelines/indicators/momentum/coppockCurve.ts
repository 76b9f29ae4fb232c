import { WeightedMovingAverage } from '../averages/weightedMovingAverage.ts';
import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Lag } from '../parts/lag.ts';

interface CoppockPeriods {
  readonly wmaperiod: number;
  readonly roc1period: number;
  readonly roc2period: number;
}

class CoppockCurve implements IndicatorState {
  private readonly first: Lag;
  private readonly second: Lag;
  private readonly average: WeightedMovingAverage;

  constructor({ wmaperiod, roc1period, roc2period }: CoppockPeriods) {
    this.first = new Lag(roc1period);
    this.second = new Lag(roc2period);
    this.average = new WeightedMovingAverage(wmaperiod);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const price = close[bar]!;
      const changes = percentFrom(this.first.next(price), price) + percentFrom(this.second.next(price), price);
      real[bar] = this.average.next(changes);
    }
  }
}

function percentFrom(before: number, price: number): number {
  return before === 0 ? 0 : (price / before - 1) * 100;
}

/**
 * Coppock curve: the weighted average of the sum of two rates of change in percent. Warm-up: the longer rate's period and
 * `wmaperiod - 1` bars.
 * Source: Edwin Coppock, Practical Relative Strength Charting, Barron's (1965).
 */
export const coppockCurve = defineIndicator({
  name: 'COPPOCK',
  title: 'Coppock curve',
  family: 'momentum',
  inputs: ['close'],
  parameters: { wmaperiod: period(10, 1), roc1period: period(11, 1), roc2period: period(14, 1) },
  warmUp: ({ wmaperiod, roc1period, roc2period }) => Math.max(roc1period, roc2period) + wmaperiod - 1,
  begin: (periods) => new CoppockCurve(periods),
});
