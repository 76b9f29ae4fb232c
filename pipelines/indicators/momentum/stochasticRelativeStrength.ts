import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { averageKind, averageOfKind, averageWarmUp, type Average } from '../parts/averageOfKind.ts';
import { ChannelPosition } from '../parts/channelPosition.ts';
import { RelativeStrengthIndex } from './relativeStrengthIndex.ts';

interface StochasticStrengthPeriods {
  readonly timeperiod: number;
  readonly fastk_period: number;
  readonly fastd_period: number;
  readonly fastd_matype: number;
}

class StochasticRelativeStrength implements IndicatorState {
  private readonly strength: RelativeStrengthIndex;
  private readonly position: ChannelPosition;
  private readonly fastD: Average;

  constructor(periods: StochasticStrengthPeriods) {
    this.strength = new RelativeStrengthIndex(periods.timeperiod);
    this.position = new ChannelPosition(periods.fastk_period);
    this.fastD = averageOfKind(periods.fastd_matype, periods.fastd_period);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const fastK = outputs[0]!;
    const fastD = outputs[1]!;
    for (let bar = from; bar < to; bar += 1) {
      const strength = this.strength.next(close[bar]!);
      const position = this.position.next(strength, strength, strength);
      const average = this.fastD.next(position);
      fastK[bar] = Number.isNaN(average) ? Number.NaN : position;
      fastD[bar] = average;
    }
  }
}

/**
 * Stochastic relative strength index, 0 to 100: where the relative strength index lies among its last `fastk_period`
 * values (fast K), and its average (fast D). Warm-up: `timeperiod + fastk_period - 1` bars and those of the average.
 * Source: Tushar Chande and Stanley Kroll, The New Technical Trader (1994).
 */
export const stochasticRelativeStrength = defineIndicator({
  name: 'STOCHRSI',
  title: 'Stochastic relative strength index',
  family: 'momentum',
  inputs: ['close'],
  parameters: {
    timeperiod: period(14, 2),
    fastk_period: period(14, 1),
    fastd_period: period(3, 1),
    fastd_matype: averageKind(0),
  },
  outputs: ['fastk', 'fastd'],
  warmUp: (periods) =>
    periods.timeperiod + periods.fastk_period - 1 + averageWarmUp(periods.fastd_matype, periods.fastd_period),
  begin: (periods) => new StochasticRelativeStrength(periods),
});
