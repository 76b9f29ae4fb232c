import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { averageKind, averageOfKind, averageWarmUp, type Average } from '../parts/averageOfKind.ts';
import { ChannelPosition } from '../parts/channelPosition.ts';

interface StochasticPeriods {
  readonly fastk_period: number;
  readonly slowk_period: number;
  readonly slowk_matype: number;
  readonly slowd_period: number;
  readonly slowd_matype: number;
}

class StochasticOscillator implements IndicatorState {
  private readonly position: ChannelPosition;
  private readonly slowK: Average;
  private readonly slowD: Average;

  constructor(periods: StochasticPeriods) {
    this.position = new ChannelPosition(periods.fastk_period);
    this.slowK = averageOfKind(periods.slowk_matype, periods.slowk_period);
    this.slowD = averageOfKind(periods.slowd_matype, periods.slowd_period);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const slowK = outputs[0]!;
    const slowD = outputs[1]!;
    for (let bar = from; bar < to; bar += 1) {
      const once = this.slowK.next(this.position.next(high[bar]!, low[bar]!, close[bar]!));
      const twice = this.slowD.next(once);
      slowK[bar] = Number.isNaN(twice) ? Number.NaN : once;
      slowD[bar] = twice;
    }
  }
}

/**
 * Stochastic oscillator, 0 to 100: where the close lies in the channel of `fastk_period` bars, smoothed once (slow K) and
 * again (slow D); 0 in a channel of no height. Warm-up: `fastk_period - 1` bars and those of both averages.
 * Source: George Lane, Lane's Stochastics, Technical Analysis of Stocks and Commodities (1984).
 */
export const stochasticOscillator = defineIndicator({
  name: 'STOCH',
  title: 'Stochastic oscillator',
  family: 'momentum',
  inputs: ['high', 'low', 'close'],
  parameters: {
    fastk_period: period(14, 1),
    slowk_period: period(3, 1),
    slowk_matype: averageKind(0),
    slowd_period: period(3, 1),
    slowd_matype: averageKind(0),
  },
  outputs: ['slowk', 'slowd'],
  warmUp: (periods) =>
    periods.fastk_period -
    1 +
    averageWarmUp(periods.slowk_matype, periods.slowk_period) +
    averageWarmUp(periods.slowd_matype, periods.slowd_period),
  begin: (periods) => new StochasticOscillator(periods),
});
