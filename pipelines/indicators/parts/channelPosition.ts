import { Extreme } from './extreme.ts';

/** A channel of less height, which rounding leaves of a flat series, has none: TA-Lib's threshold. */
const heightMin = 1e-12;

/** Where a price lies between the highest and the lowest of the last `length` bars. */
export class ChannelPosition {
  private readonly highest: Extreme;
  private readonly lowest: Extreme;

  constructor(length: number) {
    this.highest = new Extreme('highest', length);
    this.lowest = new Extreme('lowest', length);
  }

  /** @returns 0 at the lowest to 100 at the highest; 0 for a channel of no height; NaN while bars are missing */
  next(high: number, low: number, close: number): number {
    const top = this.highest.next(high);
    const bottom = this.lowest.next(low);
    const height = top - bottom;
    return height < heightMin ? 0 : (close - bottom) / (height / 100);
  }
}
