import { money, shares, type Money, type Shares } from './money.ts';
import type { OrderSide } from './order.ts';

/** What to buy or sell of one symbol to reach its target. */
export interface Trade {
  readonly symbol: string;
  readonly side: OrderSide;
  /** Positive. */
  readonly quantity: Shares;
  /** True when the trade only brings the position nearer to zero. */
  readonly reduceOnly: boolean;
  /** Price the trade was sized at. */
  readonly referencePrice: Money;
}

/** An account before a rebalance. */
export interface Holdings {
  readonly equity: Money;
  readonly cash: Money;
  /** Shares by symbol, none negative. */
  readonly positions: Readonly<Record<string, Shares>>;
  /** Latest price by symbol, for every symbol held or aimed at. */
  readonly prices: Readonly<Record<string, Money>>;
}

/** How a rebalance may trade. */
export interface RebalanceRules {
  /** Changes of less than this fraction of equity are not worth their cost; leaving a position altogether always is. */
  readonly noTradeFraction: number;
  /**
   * Share of equity kept back, since a market order fills away from its reference price and pays commission. A buffer
   * of b covers fills up to b/2 away: at most all of equity is sold and all of it bought.
   */
  readonly cashBufferFraction: number;
}

/**
 * How target weights are reached in an opening auction, by the backtest and by the session alike: changes under half a
 * percent of equity are not worth their cost, and cash is kept back because auctions fill away from the last close.
 */
export const openingAuctionRules: RebalanceRules = { noTradeFraction: 0.005, cashBufferFraction: 0.02 };

/**
 * Trades that bring holdings to target weights: whole shares, rounded toward zero, sells before buys, each by symbol.
 * Buys never need more than the cash at hand plus what the sells bring, less the buffer: when they would, all are cut
 * by the same factor. Whoever sends the trades lets the sells fill first, or has a venue that nets them.
 * @param targets weight by symbol, fractions of equity; a symbol held and left out is sold
 * @throws RangeError for a negative equity, weight, position or rule, or a missing or non-positive price
 */
export function rebalance(
  targets: Readonly<Record<string, number>>,
  { equity, cash, positions, prices }: Holdings,
  { noTradeFraction, cashBufferFraction }: RebalanceRules,
): readonly Trade[] {
  if (!(equity >= 0 && noTradeFraction >= 0 && cashBufferFraction >= 0)) {
    throw new RangeError(`cannot rebalance: equity ${equity}, band ${noTradeFraction}, buffer ${cashBufferFraction}`);
  }
  const symbols = [...new Set([...Object.keys(targets), ...Object.keys(positions)])].sort();
  const wanted = symbols.flatMap((symbol) => {
    const held = positions[symbol] ?? 0;
    const price = prices[symbol] ?? 0;
    const weight = targets[symbol] ?? 0;
    if (held < 0 || !(weight >= 0 && Number.isFinite(weight)))
      throw new RangeError(`${symbol}: long only, weight ${weight}, held ${held}`);
    if (held === 0 && weight === 0) return [];
    if (price <= 0) throw new RangeError(`${symbol} has no price to size at`);
    const change = wholeSharesTowardZero((weight * equity) / price) - held;
    const leaves = weight === 0 && held > 0;
    if (change === 0 || (!leaves && Math.abs(change) * price < noTradeFraction * equity)) return [];
    return [{ symbol, change, price: money(price) }];
  });
  const proceeds = wanted.reduce((sum, { change, price }) => sum + Math.max(0, -change) * price, 0);
  const cost = wanted.reduce((sum, { change, price }) => sum + Math.max(0, change) * price, 0);
  const spendable = Math.max(0, cash + proceeds - cashBufferFraction * equity);
  const fit = cost > spendable ? spendable / cost : 1;
  const trades = wanted.map(({ symbol, change, price }): Trade => {
    const buys = change > 0;
    const quantity = shares(buys ? wholeSharesTowardZero(change * fit) : -change);
    return { symbol, side: buys ? 'buy' : 'sell', quantity, reduceOnly: !buys, referencePrice: price };
  });
  return [...trades.filter(({ side }) => side === 'sell'), ...trades.filter(({ side }) => side === 'buy')].filter(
    ({ quantity }) => quantity > 0,
  );
}

function wholeSharesTowardZero(quantity: number): number {
  return Math.trunc(quantity);
}
