import type { OrderRequest } from '../backtest/order.ts';
import type { BarHistory } from '../backtest/strategy.ts';
import type { StrategyDefinition } from './definition.ts';
import { enter, entryShares, leave, sharesEach } from './holdOne.ts';
import { bars } from './parameters.ts';

/**
 * Long from the close at which the fast simple moving average of closes crosses over the slow one until the close at
 * which it crosses under it; each symbol for itself.
 */
export const smaCross: StrategyDefinition = {
  name: 'sma-cross',
  title: 'Fast average of closes crossing a slow one',
  parameters: [bars('fast', 'average that crosses', 20), bars('slow', 'average that is crossed', 50), sharesEach],
  create: ({ parameters }) => {
    const [fast, slow, fixed] = [parameters.fast!, parameters.slow!, parameters.shares!];
    if (!(fast < slow)) throw new RangeError(`fast is ${fast}, not under slow, ${slow}`);
    const averages: CrossingAverages[] = [];
    return {
      afterClose(desk) {
        const { history, symbols } = desk;
        const orders: OrderRequest[] = [];
        for (let symbol = 0; symbol < symbols.length; symbol += 1) {
          const pair = (averages[symbol] ??= new CrossingAverages(fast, slow));
          pair.readOn(history, symbol);
          if (pair.crossing === 0 || !history.printed(symbol)) continue;
          const held = desk.held(symbol);
          if (pair.crossing > 0 && held === 0) orders.push(...enter(symbol, entryShares(desk, symbol, fixed)));
          else if (pair.crossing < 0 && held > 0) orders.push(leave(desk, symbol));
        }
        if (orders.length > 0) desk.submit(orders);
      },
    };
  },
};

/** Two moving averages of one symbol's closes. */
class CrossingAverages {
  /** Of the newest bar: 1 where the fast average crossed over the slow one, -1 where under it, else 0. */
  crossing: -1 | 0 | 1 = 0;
  private readonly fast: number;
  private readonly slow: number;
  // Sums of closes in ten-thousandths of a dollar: whole numbers, so that windows slide without error.
  private fastSum = 0;
  private slowSum = 0;
  private read = 0;
  /** Fast average less slow one, times both lengths. */
  private difference = Number.NaN;

  constructor(fast: number, slow: number) {
    this.fast = fast;
    this.slow = slow;
  }

  /** Takes in the bars that are new. */
  readOn(history: BarHistory, symbol: number): void {
    const count = history.count(symbol);
    while (this.read < count) {
      this.read += 1;
      const back = count - this.read;
      const close = history.close(symbol, back);
      this.fastSum += close - (this.read > this.fast ? history.close(symbol, back + this.fast) : 0);
      this.slowSum += close - (this.read > this.slow ? history.close(symbol, back + this.slow) : 0);
      const before = this.difference;
      if (this.read >= this.slow) this.difference = this.fastSum * this.slow - this.slowSum * this.fast;
      const crossedOver = this.difference > 0 && before <= 0;
      const crossedUnder = this.difference < 0 && before >= 0;
      this.crossing = crossedOver ? 1 : crossedUnder ? -1 : 0;
    }
  }
}
