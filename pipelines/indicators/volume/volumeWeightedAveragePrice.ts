import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';

class VolumeWeightedAveragePrice implements IndicatorState {
  private value = 0;
  private volume = 0;

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const volume = inputs[3]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const price = (high[bar]! + low[bar]! + close[bar]!) / 3;
      this.value += price * volume[bar]!;
      this.volume += volume[bar]!;
      real[bar] = this.volume === 0 ? price : this.value / this.volume;
    }
  }
}

/**
 * Volume-weighted average of typical prices since the first bar; the typical price itself before anything traded. Begin a
 * new one where a session begins. No warm-up.
 * Source: Stephen Berkowitz, Dennis Logue and Eugene Noser, The Total Cost of Transactions on the NYSE (1988).
 */
export const volumeWeightedAveragePrice = defineIndicator({
  name: 'VWAP',
  title: 'Volume-weighted average price',
  family: 'volume',
  inputs: ['high', 'low', 'close', 'volume'],
  parameters: {},
  warmUp: () => 0,
  begin: () => new VolumeWeightedAveragePrice(),
});
