import { Ring } from './ring.ts';

const degreesPerRadian = 180 / Math.PI;
const filterTaps = 7;
const delay = 3;
const shortestCycle = 6;
const longestCycle = 50;

/** A Hilbert transformer of seven taps, every second of them zero, scaled by how long the cycle is. */
class HilbertFilter {
  private readonly ring = new Ring(filterTaps);

  next(value: number, gain: number): number {
    const { ring } = this;
    ring.exchange(value);
    const sum = -0.0962 * ring.back(6) + 0.0962 * value - 0.5769 * ring.back(4) + 0.5769 * ring.back(2);
    return sum * gain;
  }
}

/**
 * Length of the cycle that dominates a price, by Ehlers's homodyne discriminator, with what his other measures need on
 * the way. Source: John Ehlers, Rocket Science for Traders (2001), chapters 6 and 7, as TA-Lib computes it.
 */
export class DominantCycle {
  private readonly detrend = new HilbertFilter();
  private readonly quadrature = new HilbertFilter();
  private readonly aheadInPhase = new HilbertFilter();
  private readonly aheadQuadrature = new HilbertFilter();
  private readonly detrended = new Ring(delay + 1);
  private readonly prices = new Ring(delay + 1);
  private unread: number;
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
    const { prices } = this;
    prices.exchange(price);
    this.smoothPrice = (4 * price + 3 * prices.back(1) + 2 * prices.back(2) + prices.back(3)) * 0.1;
    if (this.unread > 0) {
      this.unread -= 1;
      return false;
    }
    const gain = 0.075 * this.period + 0.54;
    const detrended = this.detrend.next(this.smoothPrice, gain);
    this.quadratureNow = this.quadrature.next(detrended, gain);
    this.detrended.exchange(detrended);
    this.inPhaseNow = this.detrended.back(delay);
    const aheadInPhase = this.aheadInPhase.next(this.inPhaseNow, gain);
    const aheadQuadrature = this.aheadQuadrature.next(this.quadratureNow, gain);
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
    period = Math.min(Math.max(period, shortestCycle), longestCycle);
    this.period = 0.2 * period + 0.8 * before;
    this.smoothPeriod = 0.33 * this.period + 0.67 * this.smoothPeriod;
  }
}
