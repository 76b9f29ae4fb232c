import {
  defineIndicator,
  factor,
  multipleMax,
  period,
  type Columns,
  type IndicatorState,
  type Span,
} from '../indicator.ts';
import { Deviation } from '../parts/deviation.ts';

interface BandWidths {
  readonly timeperiod: number;
  readonly nbdevup: number;
  readonly nbdevdn: number;
}

class BollingerBands implements IndicatorState {
  private readonly deviation: Deviation;
  private readonly widths: BandWidths;

  constructor(widths: BandWidths) {
    this.deviation = new Deviation(widths.timeperiod);
    this.widths = widths;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const upper = outputs[0]!;
    const middle = outputs[1]!;
    const lower = outputs[2]!;
    const { deviation } = this;
    const { nbdevup, nbdevdn } = this.widths;
    for (let bar = from; bar < to; bar += 1) {
      deviation.next(close[bar]!);
      const width = Math.sqrt(deviation.variance);
      middle[bar] = deviation.mean;
      upper[bar] = deviation.mean + nbdevup * width;
      lower[bar] = deviation.mean - nbdevdn * width;
    }
  }
}

/**
 * Bollinger bands: a simple average and lines so many population standard deviations above and below it. Warm-up:
 * `timeperiod - 1` bars.
 * Source: John Bollinger, Bollinger on Bollinger Bands (2001).
 */
export const bollingerBands = defineIndicator({
  name: 'BBANDS',
  title: 'Bollinger bands',
  family: 'band',
  inputs: ['close'],
  parameters: { timeperiod: period(20, 2), nbdevup: factor(2, 0, multipleMax), nbdevdn: factor(2, 0, multipleMax) },
  outputs: ['upperband', 'middleband', 'lowerband'],
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: (widths) => new BollingerBands(widths),
});
