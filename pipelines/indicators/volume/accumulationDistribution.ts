import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { closeLocation } from '../parts/closeLocation.ts';

class AccumulationDistribution implements IndicatorState {
  private line = 0;

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const volume = inputs[3]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      this.line += closeLocation(high[bar]!, low[bar]!, close[bar]!) * volume[bar]!;
      real[bar] = this.line;
    }
  }
}

/**
 * Accumulation and distribution line, in shares: each bar's volume times where its close lies in its range, added up. Its
 * level depends on the first bar, so use its changes. No warm-up.
 * Source: Marc Chaikin, in Steven Achelis, Technical Analysis from A to Z (1995).
 */
export const accumulationDistribution = defineIndicator({
  name: 'AD',
  title: 'Accumulation and distribution line',
  family: 'volume',
  inputs: ['high', 'low', 'close', 'volume'],
  parameters: {},
  warmUp: () => 0,
  begin: () => new AccumulationDistribution(),
});
