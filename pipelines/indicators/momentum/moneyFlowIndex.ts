import { defineIndicator, period, type Columns, type IndicatorState, type Span } from '../indicator.ts';
import { WindowSum } from '../parts/windowSum.ts';

/** Flows that sum to less than this count as none, as in TA-Lib. */
const flowMin = 1;

class MoneyFlowIndex implements IndicatorState {
  private readonly positive: WindowSum;
  private readonly total: WindowSum;
  private before = Number.NaN;

  constructor(length: number) {
    this.positive = new WindowSum(length);
    this.total = new WindowSum(length);
  }

  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    const high = inputs[0]!;
    const low = inputs[1]!;
    const close = inputs[2]!;
    const volume = inputs[3]!;
    const real = outputs[0]!;
    for (let bar = from; bar < to; bar += 1) {
      const price = (high[bar]! + low[bar]! + close[bar]!) / 3;
      const flow = Math.sign(price - this.before) * price * volume[bar]!;
      this.before = price;
      const positive = this.positive.next(Math.max(flow, 0));
      const total = this.total.next(Math.abs(flow));
      real[bar] = total < flowMin ? 0 : (100 * positive) / total;
    }
  }
}

/**
 * Money flow index, 0 to 100: share of traded value on rising typical prices; 0 where next to nothing traded. Warm-up:
 * `timeperiod` bars.
 * Source: Gene Quong and Avrum Soudack, Technical Analysis of Stocks and Commodities (1989).
 */
export const moneyFlowIndex = defineIndicator({
  name: 'MFI',
  title: 'Money flow index',
  family: 'momentum',
  inputs: ['high', 'low', 'close', 'volume'],
  parameters: { timeperiod: period(14, 2) },
  warmUp: ({ timeperiod }) => timeperiod,
  begin: ({ timeperiod }) => new MoneyFlowIndex(timeperiod),
});
