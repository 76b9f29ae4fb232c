const degreesPerRadian = 180 / Math.PI;
const shortestCycle = 6;
const longestCycle = 50;

// Series that are looked back upon: each has a row of this many places, of which a bar takes the next. The longest look is
// that of the filter over the detrended price three bars late: nine bars.
const places = 16;
const smooth = 0;
const detrended = places;
const quadrature = 2 * places;

/**
 * Length of the cycle that dominates a price, by Ehlers's homodyne discriminator, with what his other measures need on
 * the way. Source: John Ehlers, Rocket Science for Traders (2001), chapters 6 and 7, as TA-Lib computes it.
 */
export class DominantCycle {
  private readonly memory = new Float64Array(3 * places);
  private at = 0;
  private unread: number;
  private priceBefore = 0;
  private priceBefore2 = 0;
  private priceBefore3 = 0;
  private period = 0;
  private inPhaseBefore = 0;
  private quadratureBefore = 0;
  private real = 0;
  private imaginary = 0;
  /** Weighted mean of the last four prices. */
  smoothPrice = 0;
  /** Components of the price's phasor, after detrending. */
  inPhaseNow = 0;
  quadratureNow = 0;
  /** Length of the cycle in bars, smoothed. */
  smoothPeriod = 0;

  /** @param firstBar bars before this one feed the smoothing only */
  constructor(firstBar: number) {
    this.unread = firstBar;
  }

  /** Takes a price. @returns whether the cycle was measured with it */
  next(price: number): boolean {
    this.smoothPrice = (4 * price + 3 * this.priceBefore + 2 * this.priceBefore2 + this.priceBefore3) * 0.1;
    this.priceBefore3 = this.priceBefore2;
    this.priceBefore2 = this.priceBefore;
    this.priceBefore = price;
    if (this.unread > 0) {
      this.unread -= 1;
      return false;
    }
    const { memory } = this;
    const at = (this.at + 1) & (places - 1);
    this.at = at;
    const gain = 0.075 * this.period + 0.54;
    memory[smooth + at] = this.smoothPrice;
    memory[detrended + at] = filtered(memory, smooth, at) * gain;
    this.quadratureNow = filtered(memory, detrended, at) * gain;
    memory[quadrature + at] = this.quadratureNow;
    this.inPhaseNow = memory[detrended + ((at - 3) & (places - 1))]!;
    const aheadInPhase = filtered(memory, detrended, at - 3) * gain;
    const aheadQuadrature = filtered(memory, quadrature, at) * gain;
    this.measure(
      0.2 * (this.inPhaseNow - aheadQuadrature) + 0.8 * this.inPhaseBefore,
      0.2 * (this.quadratureNow + aheadInPhase) + 0.8 * this.quadratureBefore,
    );
    return true;
  }

  /** The angle that the phasor turned since the bar before tells the cycle's length. */
  private measure(inPhase: number, quadrature: number): void {
    const { inPhaseBefore, quadratureBefore, period: before } = this;
    this.real = 0.2 * (inPhase * inPhaseBefore + quadrature * quadratureBefore) + 0.8 * this.real;
    this.imaginary = 0.2 * (inPhase * quadratureBefore - quadrature * inPhaseBefore) + 0.8 * this.imaginary;
    this.inPhaseBefore = inPhase;
    this.quadratureBefore = quadrature;
    const turned = this.imaginary !== 0 && this.real !== 0;
    let period = turned ? 360 / (Math.atan(this.imaginary / this.real) * degreesPerRadian) : before;
    if (period > 1.5 * before) period = 1.5 * before;
    if (period < 0.67 * before) period = 0.67 * before;
    if (period < shortestCycle) period = shortestCycle;
    else if (period > longestCycle) period = longestCycle;
    this.period = 0.2 * period + 0.8 * before;
    this.smoothPeriod = 0.33 * this.period + 0.67 * this.smoothPeriod;
  }
}

/** A Hilbert transformer of seven taps, every second of them zero. */
function filtered(memory: Float64Array, series: number, at: number): number {
  const last = places - 1;
  const ends = memory[series + (at & last)]! - memory[series + ((at - 6) & last)]!;
  const middle = memory[series + ((at - 2) & last)]! - memory[series + ((at - 4) & last)]!;
  return 0.0962 * ends + 0.5769 * middle;
}
