import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { ChannelPosition } from '../parts/channelPosition.ts';
import { WilderAverage } from '../parts/wilderAverage.ts';

interface KdjPeriods {
  readonly fastk_period: number;
  readonly slowk_period: number;
  readonly slowd_period: number;
}

class StochasticKdj implements IndicatorState {
  private readonly position: ChannelPosition;
  private readonly slowK: WilderAverage;
  private readonly slowD: WilderAverage;

  constructor(periods: KdjPeriods) {
    this.position = new ChannelPosition(periods.fastk_period);
    this.slowK = new WilderAverage(periods.slowk_period);
    this.slowD = new WilderAverage(periods.slowd_period);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const k = outputs[0]!;
    const d = outputs[1]!;
    const j = outputs[2]!;
    for (let bar = from; bar < to; bar += 1) {
      const once = this.slowK.next(this.position.next(high[bar]!, low[bar]!, close[bar]!));
      const twice = this.slowD.next(once);
      k[bar] = Number.isNaN(twice) ? Number.NaN : once;
      d[bar] = twice;
      j[bar] = 3 * once - 2 * twice;
    }
  }
}

/**
 * KDJ: the stochastic oscillator smoothed twice by Wilder's average (K and D), and J = 3K - 2D, which leaves 0 to 100.
 * Warm-up: the three periods less 3.
 * Source: George Lane's stochastics (1984) in the form of Chinese charting programs.
 */
export const stochasticKdj = defineIndicator({
  name: 'KDJ',
  title: 'Stochastic oscillator KDJ',
  family: 'momentum',
  inputs: ['high', 'low', 'close'],
  parameters: { fastk_period: period(9, 1), slowk_period: period(3, 1), slowd_period: period(3, 1) },
  outputs: ['k', 'd', 'j'],
  warmUp: ({ fastk_period, slowk_period, slowd_period }) => fastk_period + slowk_period + slowd_period - 3,
  begin: (periods) => new StochasticKdj(periods),
});
