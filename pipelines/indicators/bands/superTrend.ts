import {
  defineIndicator,
  factor,
  multipleMax,
  period,
  type Columns,
  type IndicatorState,
  type Span,
} from '../indicator.ts';
import { TrueRange } from '../parts/trueRange.ts';
import { WilderAverage } from '../parts/wilderAverage.ts';

class SuperTrend implements IndicatorState {
  private readonly trueRange = new TrueRange();
  private readonly averageRange: WilderAverage;
  private readonly multiplier: number;
  private closeBefore = Number.NaN;
  private upper = Number.NaN;
  private lower = Number.NaN;
  private trend: 1 | -1 = 1;

  constructor(length: number, multiplier: number) {
    this.averageRange = new WilderAverage(length);
    this.multiplier = multiplier;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const line = outputs[0]!;
    const trend = outputs[1]!;
    for (let bar = from; bar < to; bar += 1) {
      const range = this.averageRange.next(this.trueRange.next(high[bar]!, low[bar]!, close[bar]!));
      if (Number.isNaN(range)) {
        line[bar] = Number.NaN;
        trend[bar] = Number.NaN;
        continue;
      }
      this.follow((high[bar]! + low[bar]!) / 2, this.multiplier * range, close[bar]!);
      line[bar] = this.trend === 1 ? this.lower : this.upper;
      trend[bar] = this.trend;
    }
  }

  /** A band only closes in on the price, until a close beyond it lets go of it. */
  private follow(middle: number, width: number, close: number): void {
    const upper = middle + width;
    const lower = middle - width;
    if (!(upper >= this.upper) || this.closeBefore > this.upper) this.upper = upper;
    if (!(lower <= this.lower) || this.closeBefore < this.lower) this.lower = lower;
    this.closeBefore = close;
    if (this.trend === 1 && close < this.lower) this.trend = -1;
    else if (this.trend === -1 && close > this.upper) this.trend = 1;
  }
}

/**
 * Supertrend: the band of `multiplier` average true ranges on the far side of the price, and the trend (1 or -1), which
 * turns when a close crosses it; it begins upward. Warm-up: `timeperiod` bars.
 * Source: Olivier Seban, Tout le monde mérite d'être riche (2008).
 */
export const superTrend = defineIndicator({
  name: 'SUPERTREND',
  title: 'Supertrend',
  family: 'band',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod: period(10, 2), multiplier: factor(3, 0, multipleMax) },
  outputs: ['supertrend', 'trend'],
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod, multiplier }) => new SuperTrend(timeperiod, multiplier),
});
