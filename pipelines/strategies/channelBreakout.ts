import type { OrderRequest } from '../backtest/order.ts';
import type { BarHistory, Desk } from '../backtest/strategy.ts';
import type { StrategyDefinition } from './definition.ts';
import { entryShares, sharesEach } from './holdOne.ts';
import { bars } from './parameters.ts';

/**
 * Donchian's channel by stop orders: bought where the price exceeds the highest high of the last bars, sold where it
 * falls under the lowest low of fewer. The stop is placed anew after each close, so what is bought is protected from the
 * next session on.
 */
export const channelBreakout: StrategyDefinition = {
  name: 'channel-breakout',
  title: 'Stops at the edges of a channel of highs and lows',
  parameters: [bars('entry', 'channel of highs', 20), bars('exit', 'channel of lows', 10), sharesEach],
  create: ({ parameters: { entry, exit, shares: fixed } }) => ({
    afterClose(desk) {
      const longest = Math.max(entry!, exit!);
      const ready = [...desk.symbols.keys()].filter(
        (symbol) => desk.history.printed(symbol) && desk.history.count(symbol) >= longest,
      );
      desk.submit(ready.flatMap((symbol) => stopsOf(desk, symbol, { entry: entry!, exit: exit!, fixed: fixed! })));
    },
  }),
};

function stopsOf(
  desk: Desk,
  symbol: number,
  { entry, exit, fixed }: { readonly entry: number; readonly exit: number; readonly fixed: number },
): readonly OrderRequest[] {
  const { history } = desk;
  const held = desk.held(symbol);
  const edge = held > 0 ? lowest(history, symbol, exit) : highest(history, symbol, entry);
  const quantity = held > 0 ? held : entryShares(desk, symbol, fixed);
  if (quantity === 0) return [];
  const terms = { kind: 'stop', stopPrice: history.priceToday(symbol, edge) } as const;
  const stop = { symbol, quantity, terms, timeInForce: 'day' } as const;
  return [held > 0 ? { ...stop, side: 'sell', reduceOnly: true } : { ...stop, side: 'buy' }];
}

function highest(history: BarHistory, symbol: number, count: number): number {
  let edge = history.high(symbol);
  for (let back = 1; back < count; back += 1) edge = Math.max(edge, history.high(symbol, back));
  return edge;
}

function lowest(history: BarHistory, symbol: number, count: number): number {
  let edge = history.low(symbol);
  for (let back = 1; back < count; back += 1) edge = Math.min(edge, history.low(symbol, back));
  return edge;
}
