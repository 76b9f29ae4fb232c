import { Ring } from './ring.ts';

const longestCycle = 50;

/**
 * The trend under a cycle: the mean price over one whole cycle, in which the cycle cancels, smoothed over four bars.
 * Source: John Ehlers, Rocket Science for Traders (2001), chapter 10.
 */
export class MeanOverCycle {
  private readonly prices = new Ring(longestCycle);
  private readonly means = new Ring(4);

  /** Takes a price whose cycle is not measured. */
  skip(price: number): void {
    this.prices.exchange(price);
  }

  /** @param smoothPeriod length of the cycle in bars @returns the trend, in the price's unit */
  next(price: number, smoothPeriod: number): number {
    const { prices, means } = this;
    prices.exchange(price);
    const bars = Math.floor(smoothPeriod + 0.5);
    let sum = 0;
    for (let back = 0; back < bars; back += 1) sum += prices.back(back);
    const mean = bars === 0 ? 0 : sum / bars;
    means.exchange(mean);
    return (4 * mean + 3 * means.back(1) + 2 * means.back(2) + means.back(3)) / 10;
  }
}
