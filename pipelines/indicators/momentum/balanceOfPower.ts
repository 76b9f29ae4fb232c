import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';

class BalanceOfPower implements IndicatorState {
  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const open = inputs[0]!;
    const high = inputs[1]!;
    const low = inputs[2]!;
    const close = inputs[3]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const range = high[bar]! - low[bar]!;
      real[bar] = range > 0 ? (close[bar]! - open[bar]!) / range : 0;
    }
  }
}

/**
 * Balance of power: the way from open to close as a share of the bar's range; 0 without a range. No warm-up.
 * Source: Igor Livshin, Balance of Market Power, Technical Analysis of Stocks and Commodities (2001).
 */
export const balanceOfPower = defineIndicator({
  name: 'BOP',
  title: 'Balance of power',
  family: 'momentum',
  inputs: ['open', 'high', 'low', 'close'],
  parameters: {},
  warmUp: () => 0,
  begin: () => new BalanceOfPower(),
});
