import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { GainsAndLosses } from '../parts/gainsAndLosses.ts';

class ChandeMomentumOscillator implements IndicatorState {
  private readonly changes: GainsAndLosses;

  constructor(length: number) {
    this.changes = new GainsAndLosses(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const real = outputs[0]!;
    const { changes } = this;
    for (let bar = from; bar < to; bar += 1) {
      changes.next(close[bar]!);
      const moved = changes.gain + changes.loss;
      real[bar] = moved === 0 ? 0 : 100 * ((changes.gain - changes.loss) / moved);
    }
  }
}

/**
 * Chande's momentum oscillator, -100 to 100: rises less falls over all movement, averaged as Wilder does (TA-Lib; Chande's
 * own adds them up); 0 where no price has moved yet. Warm-up: `timeperiod` bars.
 * Source: Tushar Chande and Stanley Kroll, The New Technical Trader (1994).
 */
export const chandeMomentumOscillator = defineIndicator({
  name: 'CMO',
  title: 'Chande momentum oscillator',
  family: 'momentum',
  inputs: ['close'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new ChandeMomentumOscillator(timeperiod),
});
