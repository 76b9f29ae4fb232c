import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { TrueRange } from '../parts/trueRange.ts';

class TrueRangeColumn implements IndicatorState {
  private readonly trueRange = new TrueRange();

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.trueRange.next(high[bar]!, low[bar]!, close[bar]!);
  }
}

/**
 * True range, in the price's unit: the bar's range, stretched to the close before it. Warm-up: 1 bar.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section III.
 */
export const trueRange = defineIndicator({
  name: 'TRANGE',
  title: 'True range',
  family: 'volatility',
  inputs: ['high', 'low', 'close'],
  parameters: {},
  warmUp: () => 1,
  begin: () => new TrueRangeColumn(),
});
