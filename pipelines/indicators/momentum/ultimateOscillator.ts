import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { WindowSum } from '../parts/windowSum.ts';

/** Buying pressure over true range, each summed over a window. */
class PressureRatio {
  private readonly pressure: WindowSum;
  private readonly range: WindowSum;

  constructor(length: number) {
    this.pressure = new WindowSum(length);
    this.range = new WindowSum(length);
  }

  /** @returns 0 to 1; 0 without a range; NaN while bars are missing */
  next(pressure: number, range: number): number {
    const pressures = this.pressure.next(pressure);
    const ranges = this.range.next(range);
    return ranges === 0 ? 0 : pressures / ranges;
  }
}

class UltimateOscillator implements IndicatorState {
  private readonly short: PressureRatio;
  private readonly middle: PressureRatio;
  private readonly long: PressureRatio;
  private closeBefore = Number.NaN;

  /** @param lengths three, ascending */
  constructor([short, middle, long]: readonly number[]) {
    this.short = new PressureRatio(short!);
    this.middle = new PressureRatio(middle!);
    this.long = new PressureRatio(long!);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const trueLow = Math.min(low[bar]!, this.closeBefore);
      const pressure = close[bar]! - trueLow;
      const range = Math.max(high[bar]!, this.closeBefore) - trueLow;
      this.closeBefore = close[bar]!;
      const short = this.short.next(pressure, range);
      const middle = this.middle.next(pressure, range);
      const long = this.long.next(pressure, range);
      real[bar] = (100 * (4 * short + 2 * middle + long)) / 7;
    }
  }
}

/**
 * Ultimate oscillator, 0 to 100: buying pressure over true range in three windows, the shortest weighing 4, the longest 1;
 * the order of the periods does not matter. Warm-up: the longest period.
 * Source: Larry Williams, The Ultimate Oscillator, Technical Analysis of Stocks and Commodities (1985).
 */
export const ultimateOscillator = defineIndicator({
  name: 'ULTOSC',
  title: 'Ultimate oscillator',
  family: 'momentum',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod1: period(7, 1), timeperiod2: period(14, 1), timeperiod3: period(28, 1) },
  warmUp: ({ timeperiod1, timeperiod2, timeperiod3 }) => Math.max(timeperiod1, timeperiod2, timeperiod3),
  begin: ({ timeperiod1, timeperiod2, timeperiod3 }) =>
    new UltimateOscillator([timeperiod1, timeperiod2, timeperiod3].toSorted((a, b) => a - b)),
});
