import { checkEqualLengths, checkPeriod, warmingUp, type HighLowCloseVolume } from './series.ts';
import { typicalPrice } from './typicalPrice.ts';

/** Flows that sum to less than this count as none, as in TA-Lib. */
const flowMin = 1;

/**
 * Money flow index: share of traded value on rising typical prices, as TA-Lib's MFI.
 * Source: Gene Quong and Avrum Soudack, Technical Analysis of Stocks and Commodities (1989).
 * @returns shape [bars], 0 to 100; NaN for the first `period` rows; 0 where next to nothing traded
 * @throws RangeError when lengths differ or the period is no whole number of at least 2
 */
export function moneyFlowIndex(bars: HighLowCloseVolume, period: number): Float64Array {
  checkPeriod(period, 2);
  checkEqualLengths(bars.close, bars.volume);
  const typical = typicalPrice(bars);
  const flows = typical.map((price, bar) => {
    const direction = bar === 0 ? 0 : Math.sign(price - typical[bar - 1]!);
    return direction * price * bars.volume[bar]!;
  });
  const indices = warmingUp(typical.length);
  for (let bar = period; bar < typical.length; bar += 1) {
    let positive = 0;
    let total = 0;
    for (let back = 0; back < period; back += 1) {
      const flow = flows[bar - back]!;
      positive += Math.max(flow, 0);
      total += Math.abs(flow);
    }
    indices[bar] = total < flowMin ? 0 : (100 * positive) / total;
  }
  return indices;
}
