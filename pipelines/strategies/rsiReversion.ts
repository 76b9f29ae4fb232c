import type { BarHistory } from '../backtest/strategy.ts';
import type { StrategyDefinition } from './definition.ts';
import { enter, entryShares, leave, sharesEach } from './holdOne.ts';
import { bars } from './parameters.ts';

/**
 * Buys what fell for a few days within a rise, and sells it once it recovered (Connors and Alvarez 2009): an RSI of a few
 * bars under its level with the close over a long average, until the close is over a short one. The RSI here weighs the
 * bars of its window alike.
 */
export const rsiReversion: StrategyDefinition = {
  name: 'rsi-reversion',
  title: 'Buying short falls within a long rise',
  parameters: [
    bars('window', 'RSI', 2),
    { name: 'level', meaning: 'RSI under which is bought', default: 10, min: 0, max: 100, kind: 'real' },
    bars('trend', 'long average', 200),
    bars('recovery', 'short average', 5),
    sharesEach,
  ],
  create: ({ parameters: { window, level, trend, recovery, shares: fixed } }) => ({
    afterClose(desk) {
      const { history, symbols } = desk;
      for (let symbol = 0; symbol < symbols.length; symbol += 1) {
        if (!history.printed(symbol) || history.count(symbol) < Math.max(trend!, recovery!, window! + 1)) continue;
        const close = history.close(symbol);
        const held = desk.held(symbol);
        if (held > 0 && close > average(history, symbol, recovery!)) desk.submit([leave(desk, symbol)]);
        else if (
          held === 0 &&
          close > average(history, symbol, trend!) &&
          strength(history, symbol, window!) < level!
        ) {
          desk.submit(enter(symbol, entryShares(desk, symbol, fixed!)));
        }
      }
    },
  }),
};

function average(history: BarHistory, symbol: number, count: number): number {
  let sum = 0;
  for (let back = 0; back < count; back += 1) sum += history.close(symbol, back);
  return sum / count;
}

/** Rises over rises and falls of the last bars, from 0 to 100; 50 where nothing moved. */
function strength(history: BarHistory, symbol: number, count: number): number {
  let [rises, moves] = [0, 0];
  for (let back = 0; back < count; back += 1) {
    const change = history.close(symbol, back) - history.close(symbol, back + 1);
    rises += Math.max(0, change);
    moves += Math.abs(change);
  }
  return moves === 0 ? 50 : (100 * rises) / moves;
}
