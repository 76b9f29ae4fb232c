import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { averageKind, averageOfKind, averageWarmUp, type Average } from '../parts/averageOfKind.ts';
import { ChannelPosition } from '../parts/channelPosition.ts';

interface FastStochasticPeriods {
  readonly fastk_period: number;
  readonly fastd_period: number;
  readonly fastd_matype: number;
}

class FastStochasticOscillator implements IndicatorState {
  private readonly position: ChannelPosition;
  private readonly fastD: Average;

  constructor(periods: FastStochasticPeriods) {
    this.position = new ChannelPosition(periods.fastk_period);
    this.fastD = averageOfKind(periods.fastd_matype, periods.fastd_period);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const fastK = outputs[0]!;
    const fastD = outputs[1]!;
    for (let bar = from; bar < to; bar += 1) {
      const position = this.position.next(high[bar]!, low[bar]!, close[bar]!);
      const average = this.fastD.next(position);
      fastK[bar] = Number.isNaN(average) ? Number.NaN : position;
      fastD[bar] = average;
    }
  }
}

/**
 * Fast stochastic oscillator, 0 to 100: where the close lies in the channel of `fastk_period` bars (fast K), and its
 * average (fast D); 0 in a channel of no height. Warm-up: `fastk_period - 1` bars and those of the average.
 * Source: George Lane, Lane's Stochastics, Technical Analysis of Stocks and Commodities (1984).
 */
export const fastStochasticOscillator = defineIndicator({
  name: 'STOCHF',
  title: 'Fast stochastic oscillator',
  family: 'momentum',
  inputs: ['high', 'low', 'close'],
  parameters: { fastk_period: period(14, 1), fastd_period: period(3, 1), fastd_matype: averageKind(0) },
  outputs: ['fastk', 'fastd'],
  warmUp: (periods) => periods.fastk_period - 1 + averageWarmUp(periods.fastd_matype, periods.fastd_period),
  begin: (periods) => new FastStochasticOscillator(periods),
});
