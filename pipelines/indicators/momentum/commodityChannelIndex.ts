import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { Deviation } from '../parts/deviation.ts';

/** Lambert's constant: it puts most values between -100 and 100. */
const lambertConstant = 0.015;

class CommodityChannelIndex implements IndicatorState {
  private readonly prices: Float64Array;
  private readonly deviation: Deviation;
  private at = 0;

  constructor(length: number) {
    this.prices = new Float64Array(length);
    this.deviation = new Deviation(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) real[bar] = this.next((high[bar]! + low[bar]! + close[bar]!) / 3);
  }

  private next(price: number): number {
    const { prices, deviation } = this;
    prices[this.at] = price;
    this.at = this.at + 1 === prices.length ? 0 : this.at + 1;
    deviation.next(price);
    const { mean } = deviation;
    if (Number.isNaN(mean)) return Number.NaN;
    let distances = 0;
    for (let index = 0; index < prices.length; index += 1) distances += Math.abs(prices[index]! - mean);
    return distances === 0 ? 0 : (price - mean) / ((lambertConstant * distances) / prices.length);
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
