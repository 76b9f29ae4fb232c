import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { CyclePhase } from '../parts/cyclePhase.ts';
import { MeanOverCycle } from '../parts/meanOverCycle.ts';

const warmUpBars = 63;
/** A price so far off its trendline trends, whatever its phase does. */
const trendDistanceMin = 0.015;

class HilbertTrendMode implements IndicatorState {
  private readonly phase = new CyclePhase();
  private readonly mean = new MeanOverCycle();
  private unseen = warmUpBars;
  private barsInTrend = 0;

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const mode = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const trends = this.next(close[bar]!);
      mode[bar] = this.unseen > 0 ? Number.NaN : Number(trends);
      if (this.unseen > 0) this.unseen -= 1;
    }
  }

  private next(price: number): boolean {
    const { phase: before, sine: sineBefore, leadSine: leadBefore } = this.phase;
    if (!this.phase.next(price)) {
      this.mean.skip(price);
      return false;
    }
    const { phase, sine, leadSine, cycle } = this.phase;
    const trendline = this.mean.next(price, cycle.smoothPeriod);
    const crossed = (sine > leadSine && sineBefore <= leadBefore) || (sine < leadSine && sineBefore >= leadBefore);
    this.barsInTrend = crossed ? 1 : this.barsInTrend + 1;
    if (trendline !== 0 && Math.abs((cycle.smoothPrice - trendline) / trendline) >= trendDistanceMin) return true;
    const turn = 360 / cycle.smoothPeriod;
    const turnsWithCycle = phase - before > 0.67 * turn && phase - before < 1.5 * turn;
    return !crossed && this.barsInTrend >= 0.5 * cycle.smoothPeriod && !turnsWithCycle;
  }
}

/**
 * Whether the close trends (1) or cycles (0): it cycles within half a cycle of a crossing of the sine waves and while its
 * phase turns at the cycle's pace, unless the price is 1.5 percent off its trendline. Warm-up: 63 bars.
 * Source: John Ehlers, Rocket Science for Traders (2001), chapter 11.
 */
export const hilbertTrendMode = defineIndicator({
  name: 'HT_TRENDMODE',
  title: 'Hilbert transform, trend against cycle',
  family: 'cycle',
  inputs: ['close'],
  parameters: {},
  outputs: ['integer'],
  warmUp: () => warmUpBars,
  begin: () => new HilbertTrendMode(),
});
