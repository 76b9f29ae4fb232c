import { ExponentialMovingAverage } from '../averages/exponentialMovingAverage.ts';
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

interface KeltnerWidths {
  readonly timeperiod: number;
  readonly atrperiod: number;
  readonly nbdev: number;
}

class KeltnerChannel implements IndicatorState {
  private readonly average: ExponentialMovingAverage;
  private readonly trueRange = new TrueRange();
  private readonly averageRange: WilderAverage;
  private readonly nbdev: number;
  // What needs fewer bars is seeded late, so that both begin on one bar.
  private unreadByAverage: number;
  private unreadByRange: number;

  constructor(widths: KeltnerWidths) {
    const { timeperiod, atrperiod, nbdev } = widths;
    this.unreadByAverage = warmUpBars(widths) - (timeperiod - 1);
    this.unreadByRange = warmUpBars(widths) - atrperiod;
    this.average = new ExponentialMovingAverage(timeperiod);
    this.averageRange = new WilderAverage(atrperiod);
    this.nbdev = nbdev;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const upper = outputs[0]!;
    const middle = outputs[1]!;
    const lower = outputs[2]!;
    for (let bar = from; bar < to; bar += 1) {
      const width = this.nbdev * this.nextRange(this.trueRange.next(high[bar]!, low[bar]!, close[bar]!));
      const center = this.nextAverage((high[bar]! + low[bar]! + close[bar]!) / 3);
      upper[bar] = center + width;
      middle[bar] = center;
      lower[bar] = center - width;
    }
  }

  private nextRange(range: number): number {
    if (Number.isNaN(range) || this.unreadByRange === 0) return this.averageRange.next(range);
    this.unreadByRange -= 1;
    return Number.NaN;
  }

  private nextAverage(price: number): number {
    if (this.unreadByAverage === 0) return this.average.next(price);
    this.unreadByAverage -= 1;
    return Number.NaN;
  }
}

function warmUpBars({ timeperiod, atrperiod }: Pick<KeltnerWidths, 'timeperiod' | 'atrperiod'>): number {
  return Math.max(timeperiod - 1, atrperiod);
}

/**
 * Keltner channel: the exponential average of the typical price, `nbdev` average true ranges above and below. Warm-up:
 * the later of `timeperiod - 1` and `atrperiod` bars.
 * Source: Linda Bradford Raschke and Laurence Connors, Street Smarts (1995), after Chester Keltner (1960).
 */
export const keltnerChannel = defineIndicator({
  name: 'KC',
  title: 'Keltner channel',
  family: 'band',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod: period(20, 2), atrperiod: period(10, 1), nbdev: factor(2, 0, multipleMax) },
  outputs: ['upperband', 'middleband', 'lowerband'],
  warmUp: warmUpBars,
  begin: (widths) => new KeltnerChannel(widths),
});
