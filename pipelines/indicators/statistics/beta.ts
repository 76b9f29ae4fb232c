import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { CommonVariation } from '../parts/commonVariation.ts';

class Beta implements IndicatorState {
  private readonly variation: CommonVariation;
  private highBefore = Number.NaN;
  private lowBefore = Number.NaN;

  constructor(length: number) {
    this.variation = new CommonVariation(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const real = outputs[0]!;
    const { variation } = this;
    for (let bar = from; bar < to; bar += 1) {
      if (!Number.isNaN(this.highBefore)) {
        variation.next(returnFrom(this.highBefore, high[bar]!), returnFrom(this.lowBefore, low[bar]!));
      }
      this.highBefore = high[bar]!;
      this.lowBefore = low[bar]!;
      real[bar] = variation.ofFirst === 0 ? 0 : variation.ofBoth / variation.ofFirst;
    }
  }
}

function returnFrom(before: number, value: number): number {
  return before === 0 ? 0 : (value - before) / before;
}

/**
 * Beta: slope of the returns of lows on the returns of highs over the last `timeperiod` returns; 0 where highs did not
 * vary. Warm-up: `timeperiod` bars.
 */
export const beta = defineIndicator({
  name: 'BETA',
  title: 'Beta of lows on highs',
  family: 'statistic',
  inputs: ['high', 'low'],
  parameters: { timeperiod: period(5, 1) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new Beta(timeperiod),
});
