import { defineIndicator, factor, type Columns, type IndicatorState, type Span } from '../indicator.ts';

/** Figures of one bar. */
interface Extent {
  high: number;
  low: number;
}

class ParabolicStopAndReverse implements IndicatorState {
  private readonly acceleration: number;
  private readonly maximum: number;
  private readonly before: Extent = { high: Number.NaN, low: Number.NaN };
  private isLong = true;
  private started = false;
  private stop = 0;
  private extreme = 0;
  private pace: number;

  constructor(acceleration: number, maximum: number) {
    this.acceleration = Math.min(acceleration, maximum);
    this.maximum = maximum;
    this.pace = this.acceleration;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next(high[bar]!, low[bar]!);
  }

  private next(high: number, low: number): number {
    const { before } = this;
    let stop = Number.NaN;
    if (!Number.isNaN(before.high)) {
      if (!this.started) this.start(high, low);
      stop = this.isLong ? this.nextLong(high, low) : this.nextShort(high, low);
    }
    before.high = high;
    before.low = low;
    return stop;
  }

  /** The first two bars tell the direction: short when the lows fell further than the highs rose. */
  private start(high: number, low: number): void {
    const { before } = this;
    const down = before.low - low;
    this.isLong = !(down > 0 && down > high - before.high);
    this.stop = this.isLong ? before.low : before.high;
    this.extreme = this.isLong ? high : low;
    // The second bar counts as its own predecessor.
    before.high = high;
    before.low = low;
    this.started = true;
  }

  private nextLong(high: number, low: number): number {
    const { before } = this;
    if (low <= this.stop) {
      this.isLong = false;
      return this.turn(Math.max(this.extreme, before.high, high), low, high);
    }
    const stop = this.stop;
    if (high > this.extreme) this.reach(high);
    this.stop = Math.min(stop + this.pace * (this.extreme - stop), before.low, low);
    return stop;
  }

  private nextShort(high: number, low: number): number {
    const { before } = this;
    if (high >= this.stop) {
      this.isLong = true;
      return this.turn(Math.min(this.extreme, before.low, low), high, low);
    }
    const stop = this.stop;
    if (low < this.extreme) this.reach(low);
    this.stop = Math.max(stop + this.pace * (this.extreme - stop), before.high, high);
    return stop;
  }

  private reach(extreme: number): void {
    this.extreme = extreme;
    this.pace = Math.min(this.pace + this.acceleration, this.maximum);
  }

  /** Turns round at a stop. @param behind the end of the bar that the new stop may not enter */
  private turn(stop: number, extreme: number, behind: number): number {
    this.pace = this.acceleration;
    this.extreme = extreme;
    const moved = stop + this.pace * (extreme - stop);
    const { before } = this;
    this.stop = this.isLong ? Math.min(moved, before.low, behind) : Math.max(moved, before.high, behind);
    return stop;
  }
}

/**
 * Parabolic stop and reverse: a stop that follows the price ever faster until the price crosses it and it changes sides.
 * Warm-up: 1 bar.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section II.
 */
export const parabolicStopAndReverse = defineIndicator({
  name: 'SAR',
  title: 'Parabolic stop and reverse',
  family: 'band',
  inputs: ['high', 'low'],
  parameters: { acceleration: factor(0.02, 0, 1), maximum: factor(0.2, 0, 1) },
  warmUp: () => 1,
  begin: ({ acceleration, maximum }) => new ParabolicStopAndReverse(acceleration, maximum),
});
