import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { closeLocation } from '../parts/closeLocation.ts';

class AccumulationDistributionOscillator implements IndicatorState {
  private readonly fastWeight: number;
  private readonly slowWeight: number;
  private missing: number;
  private line = 0;
  private fast = Number.NaN;
  private slow = Number.NaN;

  constructor(fast: number, slow: number) {
    this.fastWeight = 2 / (fast + 1);
    this.slowWeight = 2 / (slow + 1);
    this.missing = Math.max(fast, slow) - 1;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const volume = inputs[3]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      this.line += closeLocation(high[bar]!, low[bar]!, close[bar]!) * volume[bar]!;
      this.follow();
      real[bar] = this.missing > 0 ? Number.NaN : this.fast - this.slow;
      if (this.missing > 0) this.missing -= 1;
    }
  }

  /** Both averages are seeded by the first value of the line, unlike EMA. */
  private follow(): void {
    const { line } = this;
    const first = Number.isNaN(this.fast);
    this.fast = first ? line : this.fastWeight * line + (1 - this.fastWeight) * this.fast;
    this.slow = first ? line : this.slowWeight * line + (1 - this.slowWeight) * this.slow;
  }
}

/**
 * Chaikin oscillator, in shares: a fast less a slow exponential average of the accumulation and distribution line, both
 * seeded by its first value. Warm-up: the longer period less 1.
 * Source: Marc Chaikin, in Steven Achelis, Technical Analysis from A to Z (1995).
 */
export const accumulationDistributionOscillator = defineIndicator({
  name: 'ADOSC',
  title: 'Chaikin oscillator',
  family: 'volume',
  inputs: ['high', 'low', 'close', 'volume'],
  parameters: { fastperiod: period(3, 2), slowperiod: period(10, 2) },
  warmUp: ({ fastperiod, slowperiod }) => Math.max(fastperiod, slowperiod) - 1,
  begin: ({ fastperiod, slowperiod }) => new AccumulationDistributionOscillator(fastperiod, slowperiod),
});
