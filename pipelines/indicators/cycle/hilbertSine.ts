import { defineIndicator, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { CyclePhase } from '../parts/cyclePhase.ts';

const warmUpBars = 63;

class HilbertSine implements IndicatorState {
  private readonly phase = new CyclePhase();
  private unseen = warmUpBars;

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const close = inputs[0]!;
    const sine = outputs[0]!;
    const leadSine = outputs[1]!;
    for (let bar = from; bar < to; bar += 1) {
      this.phase.next(close[bar]!);
      const ready = this.unseen === 0;
      if (!ready) this.unseen -= 1;
      sine[bar] = ready ? this.phase.sine : Number.NaN;
      leadSine[bar] = ready ? this.phase.leadSine : Number.NaN;
    }
  }
}

/**
 * Sine of the phase of the cycle that dominates the close, and the sine an eighth of a cycle ahead, which crosses it
 * before a turn. Warm-up: 63 bars.
 * Source: John Ehlers, Rocket Science for Traders (2001), chapter 9.
 */
export const hilbertSine = defineIndicator({
  name: 'HT_SINE',
  title: 'Hilbert transform, sine wave',
  family: 'cycle',
  inputs: ['close'],
  parameters: {},
  outputs: ['sine', 'leadsine'],
  warmUp: () => warmUpBars,
  begin: () => new HilbertSine(),
});
