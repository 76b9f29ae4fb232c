import { defineIndicator, factor, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { DominantCycle } from '../parts/dominantCycle.ts';

const degreesPerRadian = 180 / Math.PI;
const warmUpBars = 32;
const firstBar = 12;

interface WeightLimits {
  readonly fastlimit: number;
  readonly slowlimit: number;
}

class MesaAdaptiveMovingAverage implements IndicatorState {
  private readonly cycle = new DominantCycle(firstBar);
  private readonly limits: WeightLimits;
  private unseen = warmUpBars;
  private phase = 0;
  private average = 0;
  private following = 0;

  constructor(limits: WeightLimits) {
    this.limits = limits;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const mama = outputs[0]!;
    const fama = outputs[1]!;
    for (let bar = from; bar < to; bar += 1) {
      const price = close[bar]!;
      if (this.cycle.next(price)) this.follow(price);
      const ready = this.unseen === 0;
      if (!ready) this.unseen -= 1;
      mama[bar] = ready ? this.average : Number.NaN;
      fama[bar] = ready ? this.following : Number.NaN;
    }
  }

  private follow(price: number): void {
    const { fastlimit, slowlimit } = this.limits;
    const { inPhaseNow, quadratureNow } = this.cycle;
    const phase = inPhaseNow === 0 ? 0 : Math.atan(quadratureNow / inPhaseNow) * degreesPerRadian;
    const turned = Math.max(this.phase - phase, 1);
    this.phase = phase;
    const weight = turned > 1 ? Math.max(fastlimit / turned, slowlimit) : fastlimit;
    this.average = weight * price + (1 - weight) * this.average;
    this.following = 0.5 * weight * this.average + (1 - 0.5 * weight) * this.following;
  }
}

/**
 * MESA adaptive moving average and the average that follows it: weights from `slowlimit` to `fastlimit` by how fast the
 * phase of the price's cycle turns. Warm-up: 32 bars.
 * Source: John Ehlers, MESA Adaptive Moving Averages, Technical Analysis of Stocks and Commodities (2001).
 */
export const mesaAdaptiveMovingAverage = defineIndicator({
  name: 'MAMA',
  title: 'MESA adaptive moving average',
  family: 'average',
  inputs: ['close'],
  parameters: { fastlimit: factor(0.5, 0.01, 0.99), slowlimit: factor(0.05, 0.01, 0.99) },
  outputs: ['mama', 'fama'],
  warmUp: () => warmUpBars,
  begin: (limits) => new MesaAdaptiveMovingAverage(limits),
});
