import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { DominantCycle } from '../parts/dominantCycle.ts';

const warmUpBars = 32;
const firstBar = 12;

class HilbertDominantPeriod implements IndicatorState {
  private readonly cycle = new DominantCycle(firstBar);
  private unseen = warmUpBars;

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      this.cycle.next(close[bar]!);
      real[bar] = this.unseen > 0 ? Number.NaN : this.cycle.smoothPeriod;
      if (this.unseen > 0) this.unseen -= 1;
    }
  }
}

/**
 * Length in bars of the cycle that dominates the close, smoothed; 6 to 50. Warm-up: 32 bars.
 * Source: John Ehlers, Rocket Science for Traders (2001), chapter 7.
 */
export const hilbertDominantPeriod = defineIndicator({
  name: 'HT_DCPERIOD',
  title: 'Hilbert transform, dominant cycle period',
  family: 'cycle',
  inputs: ['close'],
  parameters: {},
  warmUp: () => warmUpBars,
  begin: () => new HilbertDominantPeriod(),
});
