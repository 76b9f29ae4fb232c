import { money, moneyPerDollar, shares } from '#domain/money.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { OrderSide } from '#domain/order.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { openOrders, openQuantity } from './accountState.ts';
import type { AccountState, PaperOrder } from './accountState.ts';
import type { OrderTerms } from './events.ts';
import type { RecordedBar, RecordedBars } from './recordedBars.ts';
import type { VenueCosts } from './venueCosts.ts';

/** The rules of one venue. */
export interface MatchingRules {
  /** Largest part of a symbol's session volume that one account may trade, a fraction in (0, 1]. */
  readonly participationFraction: number;
  readonly costs: VenueCosts;
}

/** A match: so many shares of an order at a price that holds slippage already. */
export interface Match {
  readonly orderId: string;
  readonly quantity: Shares;
  readonly price: Money;
  readonly commission: Money;
}

/** What a phase does to orders: matches in order, then the orders whose remainder ends, with how. */
export interface MatchingOutcome {
  readonly matches: readonly Match[];
  readonly ends: readonly { readonly orderId: string; readonly status: 'canceled' | 'expired' }[];
}

type PriceRule = (terms: OrderTerms, bar: RecordedBar) => Money | undefined;

/**
 * The opening auction, and the moment after it: opening and day orders meet the open. How much can trade is measured by
 * the session before, since the answer would otherwise tell today's volume early. What an opening order did not get is
 * cancelled.
 */
export function matchAtOpen(state: AccountState, session: SessionDate, market: Market): MatchingOutcome {
  const live = openOrders(state).filter((order) => order.accepted.session === session);
  const candidates = live.filter((order) => order.accepted.timeInForce !== 'closing');
  const capacity = new Capacity(
    state,
    session,
    (symbol) => volumeKnownAtOpen(market.bars, symbol, session),
    market.rules,
  );
  const matches = matchAll(candidates, session, market, capacity, (terms, bar) =>
    auctionPrice(terms, bar.open, market),
  );
  return {
    matches,
    ends: endsOf(candidates, matches, (order) => (order.accepted.timeInForce === 'opening' ? 'canceled' : undefined)),
  };
}

/**
 * The session and its closing auction. Resting limit orders fill at their limit where the range crossed it; day market
 * orders' remainders and closing orders meet the close. Together with the open never more than the participation in the
 * session's own volume. What remains ends: closing orders cancelled, day orders expired.
 */
export function matchAtClose(state: AccountState, session: SessionDate, market: Market): MatchingOutcome {
  const live = openOrders(state).filter((order) => order.accepted.session === session);
  const capacity = new Capacity(
    state,
    session,
    (symbol) => market.bars.bar(symbol, session)?.volume ?? 0,
    market.rules,
  );
  const isResting = (order: PaperOrder): boolean =>
    order.accepted.timeInForce === 'day' && order.accepted.limitPrice !== undefined;
  const resting = matchAll(live.filter(isResting), session, market, capacity, restingLimitPrice);
  const others = live.filter((order) => !isResting(order));
  const atClose = matchAll(others, session, market, capacity, (terms, bar) => auctionPrice(terms, bar.close, market));
  const matches = [...resting, ...atClose];
  return {
    matches,
    ends: endsOf(live, matches, (order) => (order.accepted.timeInForce === 'day' ? 'expired' : 'canceled')),
  };
}

/** What an order placed while the session is open gets at once, at the open's price. */
export function matchOnArrival(
  state: AccountState,
  terms: OrderTerms & { readonly orderId: string; readonly session: SessionDate },
  market: Market,
): Match | undefined {
  const bar = market.bars.bar(terms.symbol, terms.session);
  if (terms.timeInForce !== 'day' || bar === undefined) return undefined;
  const known = (symbol: string): number => volumeKnownAtOpen(market.bars, symbol, terms.session);
  const capacity = new Capacity(state, terms.session, known, market.rules);
  const price = auctionPrice(terms, bar.open, market);
  if (price === undefined) return undefined;
  return match(terms.orderId, price, capacity.take(terms.symbol, terms.quantity), market);
}

/** Recorded prices and the rules they are traded by. */
export interface Market {
  readonly bars: RecordedBars;
  readonly rules: MatchingRules;
}

function matchAll(
  orders: readonly PaperOrder[],
  session: SessionDate,
  market: Market,
  capacity: Capacity,
  priceRule: PriceRule,
): readonly Match[] {
  return orders.flatMap((order) => {
    const bar = market.bars.bar(order.accepted.symbol, session);
    const price = bar === undefined ? undefined : priceRule(order.accepted, bar);
    if (price === undefined) return [];
    const found = match(
      order.accepted.orderId,
      price,
      capacity.take(order.accepted.symbol, openQuantity(order)),
      market,
    );
    return found === undefined ? [] : [found];
  });
}

function match(orderId: string, price: Money, quantity: Shares, market: Market): Match | undefined {
  if (quantity === 0) return undefined;
  return { orderId, quantity, price, commission: market.rules.costs.commission(price, quantity) };
}

/** The printed price with the half-spread against the order; a limit caps the slippage and refuses a worse print. */
function auctionPrice(terms: OrderTerms, printed: Money, market: Market): Money | undefined {
  const slipped = market.rules.costs.slippedPrice(terms.side, printed);
  const limit = terms.limitPrice;
  if (limit === undefined) return slipped;
  return isWorse(terms.side, printed, limit) ? undefined : isWorse(terms.side, slipped, limit) ? limit : slipped;
}

/** A resting limit order trades at its own price once the session's range reached it. */
function restingLimitPrice(terms: OrderTerms, bar: RecordedBar): Money | undefined {
  const limit = terms.limitPrice;
  if (limit === undefined) return undefined;
  return isWorse(terms.side, terms.side === 'buy' ? bar.low : bar.high, limit) ? undefined : limit;
}

function isWorse(side: OrderSide, price: Money, limit: Money): boolean {
  return side === 'buy' ? price > limit : price < limit;
}

function endsOf(
  orders: readonly PaperOrder[],
  matches: readonly Match[],
  statusOf: (order: PaperOrder) => 'canceled' | 'expired' | undefined,
): MatchingOutcome['ends'] {
  return orders.flatMap((order) => {
    const matched = matches.filter(({ orderId }) => orderId === order.accepted.orderId);
    const rest = openQuantity(order) - matched.reduce((sum, { quantity }) => sum + quantity, 0);
    const status = statusOf(order);
    return rest === 0 || status === undefined ? [] : [{ orderId: order.accepted.orderId, status }];
  });
}

function volumeKnownAtOpen(bars: RecordedBars, symbol: string, session: SessionDate): number {
  return bars.barBefore(symbol, session)?.volume ?? 0;
}

/** Shares of each symbol that the account may still trade in a session. */
class Capacity {
  readonly #left = new Map<string, number>();
  readonly #start: (symbol: string) => number;

  constructor(state: AccountState, session: SessionDate, volume: (symbol: string) => number, rules: MatchingRules) {
    this.#start = (symbol) => {
      const traded = state.executions
        .filter((execution) => execution.session === session && symbolOf(state, execution.orderId) === symbol)
        .reduce((sum, { quantity }) => sum + quantity, 0);
      return Math.max(0, Math.floor(volume(symbol) * rules.participationFraction) - traded);
    };
  }

  take(symbol: string, wanted: Shares): Shares {
    const left = this.#left.get(symbol) ?? this.#start(symbol);
    const taken = shares(Math.min(left, wanted));
    this.#left.set(symbol, left - taken);
    return taken;
  }
}

function symbolOf(state: AccountState, orderId: string): string | undefined {
  return state.orders.get(orderId)?.accepted.symbol;
}

/** Whether a price is in whole cents, as limit prices of a dollar and more must be (Regulation NMS, rule 612). */
export function isAllowedIncrement(price: Money): boolean {
  return price < moneyPerDollar || money(price % 100) === 0;
}
