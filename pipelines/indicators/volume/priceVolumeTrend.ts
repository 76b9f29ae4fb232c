import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';

class PriceVolumeTrend implements IndicatorState {
  private trend = 0;
  private before = 0;

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const volume = inputs[1]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const { before } = this;
      if (before !== 0) this.trend += ((close[bar]! - before) / before) * volume[bar]!;
      this.before = close[bar]!;
      real[bar] = this.trend;
    }
  }
}

/**
 * Price volume trend, in shares: each bar's volume times its relative change of close, added up from 0. Its level depends
 * on the first bar, so use its changes. No warm-up.
 * Source: David Markstein, How to Chart Your Way to Stock Market Profits (1966).
 */
export const priceVolumeTrend = defineIndicator({
  name: 'PVT',
  title: 'Price volume trend',
  family: 'volume',
  inputs: ['close', 'volume'],
  parameters: {},
  warmUp: () => 0,
  begin: () => new PriceVolumeTrend(),
});
