import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { TrueRange } from '../parts/trueRange.ts';
import { WindowSum } from '../parts/windowSum.ts';

class Vortex implements IndicatorState {
  private readonly trueRange = new TrueRange();
  private readonly plus: WindowSum;
  private readonly minus: WindowSum;
  private readonly range: WindowSum;
  private highBefore = Number.NaN;
  private lowBefore = Number.NaN;

  constructor(length: number) {
    this.plus = new WindowSum(length);
    this.minus = new WindowSum(length);
    this.range = new WindowSum(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const plus = outputs[0]!;
    const minus = outputs[1]!;
    for (let bar = from; bar < to; bar += 1) {
      const range = this.range.next(this.trueRange.next(high[bar]!, low[bar]!, close[bar]!));
      const up = this.plus.next(Math.abs(high[bar]! - this.lowBefore));
      const down = this.minus.next(Math.abs(low[bar]! - this.highBefore));
      this.highBefore = high[bar]!;
      this.lowBefore = low[bar]!;
      plus[bar] = range === 0 ? 0 : up / range;
      minus[bar] = range === 0 ? 0 : down / range;
    }
  }
}

/**
 * Vortex: ways from the low before to the high (plus) and from the high before to the low (minus), over true ranges; 0
 * without a range. Warm-up: `timeperiod` bars.
 * Source: Etienne Botes and Douglas Siepman, The Vortex Indicator, Technical Analysis of Stocks and Commodities (2010).
 */
export const vortex = defineIndicator({
  name: 'VORTEX',
  title: 'Vortex',
  family: 'momentum',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod: period(14, 1) },
  outputs: ['plusvi', 'minusvi'],
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new Vortex(timeperiod),
});
