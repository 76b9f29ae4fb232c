import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';

class TypicalPrice implements IndicatorState {
  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = (high[bar]! + low[bar]! + close[bar]!) / 3;
  }
}

/** Typical price: the mean of high, low and close. No warm-up. */
export const typicalPrice = defineIndicator({
  name: 'TYPPRICE',
  title: 'Typical price',
  family: 'statistic',
  inputs: ['high', 'low', 'close'],
  parameters: {},
  warmUp: () => 0,
  begin: () => new TypicalPrice(),
});
