import { LookBack } from './lookBack.ts';

/**
 * The trend under a cycle: the mean price over one whole cycle, in which the cycle cancels, smoothed over four bars.
 * Source: John Ehlers, Rocket Science for Traders (2001), chapter 10.
 */
export class MeanOverCycle {
  private readonly prices = new LookBack();
  private meanBefore = 0;
  private meanBefore2 = 0;
  private meanBefore3 = 0;

  /** Takes a price whose cycle is not measured. */
  skip(price: number): void {
    this.prices.push(price);
  }

  /** @param smoothPeriod length of the cycle in bars @returns the trend, in the price's unit */
  next(price: number, smoothPeriod: number): number {
    this.prices.push(price);
    const { values, newest } = this.prices;
    const bars = Math.floor(smoothPeriod + 0.5);
    let sum = 0;
    for (let back = 0; back < bars; back += 1) sum += values[newest - back]!;
    const mean = bars === 0 ? 0 : sum / bars;
    const trend = (4 * mean + 3 * this.meanBefore + 2 * this.meanBefore2 + this.meanBefore3) / 10;
    this.meanBefore3 = this.meanBefore2;
    this.meanBefore2 = this.meanBefore;
    this.meanBefore = mean;
    return trend;
  }
}
