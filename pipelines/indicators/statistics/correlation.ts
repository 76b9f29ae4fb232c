import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { CommonVariation } from '../parts/commonVariation.ts';

class Correlation implements IndicatorState {
  private readonly variation: CommonVariation;

  constructor(length: number) {
    this.variation = new CommonVariation(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const real = outputs[0]!;
    const { variation } = this;
    for (let bar = from; bar < to; bar += 1) {
      variation.next(high[bar]!, low[bar]!);
      const product = variation.ofFirst * variation.ofSecond;
      real[bar] = product > 0 || Number.isNaN(product) ? variation.ofBoth / Math.sqrt(product) : 0;
    }
  }
}

/**
 * Pearson's correlation, -1 to 1, of highs and lows over the last `timeperiod` bars; 0 where one of them does not vary.
 * Warm-up: `timeperiod - 1` bars.
 */
export const correlation = defineIndicator({
  name: 'CORREL',
  title: 'Correlation of highs and lows',
  family: 'statistic',
  inputs: ['high', 'low'],
  parameters: { timeperiod: period(30, 1) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new Correlation(timeperiod),
});
