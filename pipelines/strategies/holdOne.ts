import { openingAuctionRules } from '#domain/rebalance.ts';
import { shares, type Shares } from '#domain/money.ts';
import type { OrderRequest } from '../backtest/order.ts';
import type { Desk } from '../backtest/strategy.ts';
import type { StrategyParameter } from './definition.ts';

/** How much a strategy that is in or out of each symbol buys. */
export const sharesEach: StrategyParameter = {
  name: 'shares',
  meaning: 'shares a position; 0: an equal part of equity',
  default: 0,
  min: 0,
  max: 1_000_000_000,
  kind: 'whole',
};

/** Shares a position is entered with: so many, or an equal part of equity less the buffer for another price. */
export function entryShares(desk: Desk, symbol: number, fixed: number): Shares {
  const last = desk.lastClose(symbol);
  if (fixed > 0) return shares(fixed);
  if (last === undefined) return shares(0);
  const part = (desk.equity * (1 - openingAuctionRules.cashBufferFraction)) / desk.symbols.length;
  return shares(Math.max(0, Math.trunc(part / last)));
}

/** A purchase of so many shares in the next opening auction; none for none. */
export function enter(symbol: number, quantity: Shares): readonly OrderRequest[] {
  if (quantity === 0) return [];
  return [{ symbol, side: 'buy', quantity, terms: { kind: 'market' }, timeInForce: 'opening' }];
}

/** A sale of everything that is held, in the next opening auction. */
export function leave(desk: Desk, symbol: number): OrderRequest {
  const quantity = desk.held(symbol);
  return { symbol, side: 'sell', quantity, terms: { kind: 'market' }, timeInForce: 'opening', reduceOnly: true };
}
