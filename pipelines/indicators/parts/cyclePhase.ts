import { DominantCycle } from './dominantCycle.ts';
import { LookBack } from './lookBack.ts';

const longestCycle = 50;
const degreesPerRadian = 180 / Math.PI;
const firstBar = 37;

/** Cosine and sine of every step of a turn in `bars` steps. */
interface Turn {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

// Cycles have whole lengths here, so each step's cosine and sine is worked out once.
const turns: readonly Turn[] = Array.from({ length: longestCycle + 1 }, (_, bars) => ({
  cosines: Float64Array.from({ length: bars }, (_, step) => Math.cos((step * 2 * Math.PI) / bars)),
  sines: Float64Array.from({ length: bars }, (_, step) => Math.sin((step * 2 * Math.PI) / bars)),
}));

/**
 * Phase of the cycle that dominates a price: of the whole cycle's Fourier coefficient. Source: John Ehlers, Rocket Science
 * for Traders (2001), chapter 9, as TA-Lib computes it.
 */
export class CyclePhase {
  private readonly smoothPrices = new LookBack();
  readonly cycle = new DominantCycle(firstBar);
  /** Degrees, -45 to 315. */
  phase = 0;
  /** Sine of the phase, and of the phase an eighth of a turn ahead. */
  sine = 0;
  leadSine = 0;

  /** Takes a price. @returns whether the phase was measured with it */
  next(price: number): boolean {
    const { cycle } = this;
    if (!cycle.next(price)) return false;
    this.smoothPrices.push(cycle.smoothPrice);
    this.measure(cycle.smoothPeriod);
    this.sine = Math.sin(this.phase / degreesPerRadian);
    this.leadSine = Math.sin((this.phase + 45) / degreesPerRadian);
    return true;
  }

  private measure(smoothPeriod: number): void {
    const { values, newest } = this.smoothPrices;
    const bars = Math.floor(smoothPeriod + 0.5);
    const { cosines, sines } = turns[bars]!;
    let real = 0;
    let imaginary = 0;
    for (let back = 0; back < bars; back += 1) {
      const price = values[newest - back]!;
      real += sines[back]! * price;
      imaginary += cosines[back]! * price;
    }
    let { phase } = this;
    if (imaginary !== 0) phase = Math.atan(real / imaginary) * degreesPerRadian;
    else phase += 90 * Math.sign(real);
    // A quarter turn to the sine's own zero, and the lag of one bar that the smoothing has.
    phase += 90 + 360 / smoothPeriod;
    if (imaginary < 0) phase += 180;
    this.phase = phase > 315 ? phase - 360 : phase;
  }
}
