import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Ring } from '../parts/ring.ts';

/** Lambert's constant: it puts most values between -100 and 100. */
const lambertConstant = 0.015;

class CommodityChannelIndex implements IndicatorState {
  private readonly ring: Ring;
  private readonly length: number;
  private missing: number;

  constructor(length: number) {
    this.ring = new Ring(length);
    this.length = length;
    this.missing = length;
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next((high[bar]! + low[bar]! + close[bar]!) / 3);
  }

  private next(price: number): number {
    this.ring.exchange(price);
    if (this.missing > 0) this.missing -= 1;
    if (this.missing > 0) return Number.NaN;
    const { ring, length } = this;
    // Measured from the newest price: equal prices deviate by nothing at all.
    let sum = 0;
    for (let back = 1; back < length; back += 1) sum += ring.back(back) - price;
    const offset = sum / length;
    let deviation = 0;
    for (let back = 0; back < length; back += 1) deviation += Math.abs(ring.back(back) - price - offset);
    return deviation === 0 ? 0 : -offset / ((lambertConstant * deviation) / length);
  }
}

/**
 * Commodity channel index: distance of the typical price from its average, in mean absolute deviations over 0.015; 0 where
 * nothing deviates. Warm-up: `timeperiod - 1` bars.
 * Source: Donald Lambert, Commodity Channel Index, Commodities (1980).
 */
export const commodityChannelIndex = defineIndicator({
  name: 'CCI',
  title: 'Commodity channel index',
  family: 'momentum',
  inputs: ['high', 'low', 'close'],
  parameters: { timeperiod: period(20, 2) },
  warmUp: ({ timeperiod }) => timeperiod - 1,
  begin: ({ timeperiod }) => new CommodityChannelIndex(timeperiod),
});
