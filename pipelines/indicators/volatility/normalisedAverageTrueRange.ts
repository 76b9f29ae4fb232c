import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { TrueRange } from '../parts/trueRange.ts';
import { WilderAverage } from '../parts/wilderAverage.ts';

class NormalisedAverageTrueRange implements IndicatorState {
  private readonly trueRange = new TrueRange();
  private readonly average: WilderAverage;

  constructor(length: number) {
    this.average = new WilderAverage(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const average = this.average.next(this.trueRange.next(high[bar]!, low[bar]!, close[bar]!));
      real[bar] = close[bar] === 0 ? 0 : (average / close[bar]!) * 100;
    }
  }
}

/**
 * Average true range in percent of the close; 0 where that is 0. Warm-up: `timeperiod` bars.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section III.
 */
export const normalisedAverageTrueRange = defineIndicator({
  name: 'NATR',
  title: 'Normalised average true range',
  family: 'volatility',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new NormalisedAverageTrueRange(timeperiod),
});
