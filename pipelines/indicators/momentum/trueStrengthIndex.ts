import { ExponentialMovingAverage } from '../averages/exponentialMovingAverage.ts';
import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';

class TrueStrengthIndex implements IndicatorState {
  private readonly changes: ExponentialMovingAverage;
  private readonly smoothChanges: ExponentialMovingAverage;
  private readonly sizes: ExponentialMovingAverage;
  private readonly smoothSizes: ExponentialMovingAverage;
  private before = Number.NaN;

  constructor(first: number, second: number) {
    this.changes = new ExponentialMovingAverage(first);
    this.smoothChanges = new ExponentialMovingAverage(second);
    this.sizes = new ExponentialMovingAverage(first);
    this.smoothSizes = new ExponentialMovingAverage(second);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const change = close[bar]! - this.before;
      this.before = close[bar]!;
      const smooth = this.smoothChanges.next(this.changes.next(change));
      const size = this.smoothSizes.next(this.sizes.next(Math.abs(change)));
      real[bar] = size === 0 ? 0 : (100 * smooth) / size;
    }
  }
}

/**
 * True strength index, -100 to 100: changes of the close smoothed twice, over their sizes smoothed alike; 0 where nothing
 * moved. Warm-up: `firstperiod + secondperiod - 1` bars.
 * Source: William Blau, True Strength Index, Technical Analysis of Stocks and Commodities (1991).
 */
export const trueStrengthIndex = defineIndicator({
  name: 'TSI',
  title: 'True strength index',
  family: 'momentum',
  inputs: ['close'],
  parameters: { firstperiod: period(25, 2), secondperiod: period(13, 2) },
  warmUp: ({ firstperiod, secondperiod }) => firstperiod + secondperiod - 1,
  begin: ({ firstperiod, secondperiod }) => new TrueStrengthIndex(firstperiod, secondperiod),
});
