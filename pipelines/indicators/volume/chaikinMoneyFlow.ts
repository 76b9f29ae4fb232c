import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { closeLocation } from '../parts/closeLocation.ts';
import { WindowSum } from '../parts/windowSum.ts';

class ChaikinMoneyFlow implements IndicatorState {
  private readonly flow: WindowSum;
  private readonly volume: WindowSum;

  constructor(length: number) {
    this.flow = new WindowSum(length);
    this.volume = new WindowSum(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const volume = inputs[3]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const flow = this.flow.next(closeLocation(high[bar]!, low[bar]!, close[bar]!) * volume[bar]!);
      const traded = this.volume.next(volume[bar]!);
      real[bar] = traded === 0 ? 0 : flow / traded;
    }
  }
}

/**
 * Chaikin money flow, -1 to 1: where closes lay in their bars' ranges, weighted by volume; 0 where nothing traded. Warm-up:
 * `timeperiod - 1` bars.
 * Source: Marc Chaikin, in Steven Achelis, Technical Analysis from A to Z (1995).
 */
export const chaikinMoneyFlow = defineIndicator({
  name: 'CMF',
  title: 'Chaikin money flow',
  family: 'volume',
  inputs: ['high', 'low', 'close', 'volume'],
  parameters: { timeperiod: period(20, 2) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new ChaikinMoneyFlow(timeperiod),
});
