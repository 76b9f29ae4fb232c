import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { DominantCycle } from '../parts/dominantCycle.ts';
import { MeanOverCycle } from '../parts/meanOverCycle.ts';

const warmUpBars = 63;
const firstBar = 37;

class HilbertTrendline implements IndicatorState {
  private readonly cycle = new DominantCycle(firstBar);
  private readonly mean = new MeanOverCycle();
  private unseen = warmUpBars;

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const price = close[bar]!;
      let trend = Number.NaN;
      if (this.cycle.next(price)) trend = this.mean.next(price, this.cycle.smoothPeriod);
      else this.mean.skip(price);
      real[bar] = this.unseen > 0 ? Number.NaN : trend;
      if (this.unseen > 0) this.unseen -= 1;
    }
  }
}

/**
 * Instantaneous trendline: the mean close over the cycle that dominates, so that the cycle is gone. Warm-up: 63 bars.
 * Source: John Ehlers, Rocket Science for Traders (2001), chapter 10.
 */
export const hilbertTrendline = defineIndicator({
  name: 'HT_TRENDLINE',
  title: 'Hilbert transform, instantaneous trendline',
  family: 'band',
  inputs: ['close'],
  parameters: {},
  warmUp: () => warmUpBars,
  begin: () => new HilbertTrendline(),
});
