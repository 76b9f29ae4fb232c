import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';

const startLevel = 1_000;

class NegativeVolumeIndex implements IndicatorState {
  private index = startLevel;
  private closeBefore = 0;
  private volumeBefore = 0;

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const volume = inputs[1]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const { closeBefore } = this;
      if (volume[bar]! < this.volumeBefore && closeBefore !== 0) {
        this.index += ((close[bar]! - closeBefore) / closeBefore) * this.index;
      }
      this.closeBefore = close[bar]!;
      this.volumeBefore = volume[bar]!;
      real[bar] = this.index;
    }
  }
}

/**
 * Negative volume index: 1,000 at first, compounded by the close's return on every bar that traded less than the one
 * before. Its level depends on the first bar, so use its changes. No warm-up.
 * Source: Paul Dysart (1936), in Norman Fosback, Stock Market Logic (1976).
 */
export const negativeVolumeIndex = defineIndicator({
  name: 'NVI',
  title: 'Negative volume index',
  family: 'volume',
  inputs: ['close', 'volume'],
  parameters: {},
  warmUp: () => 0,
  begin: () => new NegativeVolumeIndex(),
});
