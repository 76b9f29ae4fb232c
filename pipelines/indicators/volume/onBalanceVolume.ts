import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';

class OnBalanceVolume implements IndicatorState {
  private balance = 0;
  private before = Number.NaN;

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const volume = inputs[1]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const price = close[bar]!;
      if (price < this.before) this.balance -= volume[bar]!;
      // The first bar has none before it, and counts as a rise.
      else if (price !== this.before) this.balance += volume[bar]!;
      this.before = price;
      real[bar] = this.balance;
    }
  }
}

/**
 * On-balance volume, in shares: volume added when the close rises and taken when it falls, from the first volume. Its level
 * depends on the first bar, so use its changes. No warm-up.
 * Source: Joseph Granville, Granville's New Key to Stock Market Profits (1963).
 */
export const onBalanceVolume = defineIndicator({
  name: 'OBV',
  title: 'On-balance volume',
  family: 'volume',
  inputs: ['close', 'volume'],
  parameters: {},
  warmUp: () => 0,
  begin: () => new OnBalanceVolume(),
});
