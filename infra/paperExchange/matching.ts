import { matchAuction, matchRange } from '#domain/barMatching.ts';
import type { PriceMatch, PriceTerms } from '#domain/barMatching.ts';
import { commission } from '#domain/costs.ts';
import type { CostRates } from '#domain/costs.ts';
import { notional, shares, sumMoney } from '#domain/money.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { openOrders, openQuantity } from './accountState.ts';
import type { AccountState, PaperOrder } from './accountState.ts';
import type { OrderTerms } from './events.ts';
import { Participation } from './participation.ts';
import type { RecordedBar, RecordedBars } from './recordedBars.ts';

/** The rules of one venue. */
export interface MatchingRules {
  /** Largest part of a symbol's session volume that one account may trade, a fraction in (0, 1]. */
  readonly participationFraction: number;
  readonly rates: CostRates;
}

/** Recorded prices and the rules they are traded by. */
export interface Market {
  readonly bars: RecordedBars;
  readonly rules: MatchingRules;
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

/**
 * The opening auction, and the moment after it: opening and day orders meet the open. How much can trade is measured by
 * the session before, since the answer would otherwise tell today's volume early. What an opening order did not get is
 * cancelled.
 */
export function matchAtOpen(state: AccountState, session: SessionDate, market: Market): MatchingOutcome {
  const candidates = ordersOf(state, session).filter(({ accepted }) => accepted.timeInForce !== 'closing');
  const participation = atOpen(state, session, market);
  const matches = candidates.flatMap((order) => {
    const bar = market.bars.bar(order.accepted.symbol, session);
    const price = bar && auctionPrice(order.accepted, bar.open, market.rules.rates);
    return matchOf(order, price, { participation, rates: market.rules.rates });
  });
  const openings = candidates.filter(({ accepted }) => accepted.timeInForce === 'opening');
  return { matches, ends: remaindersOf(openings, matches) };
}

/**
 * The session and its closing auction. Resting limit orders fill at their limit where the range crossed it; day market
 * orders' remainders and closing orders meet the close. Together with the open never more than the participation in the
 * session's own volume. What remains ends: closing orders cancelled, day orders expired.
 */
export function matchAtClose(state: AccountState, session: SessionDate, market: Market): MatchingOutcome {
  const orders = ordersOf(state, session);
  const { rates, participationFraction: fraction } = market.rules;
  const volume = (symbol: string): number => market.bars.bar(symbol, session)?.volume ?? 0;
  const participation = new Participation(state, { session, fraction, volume });
  const matchAll = (
    some: readonly PaperOrder[],
    priceOf: (terms: OrderTerms, bar: RecordedBar) => Money | undefined,
  ): readonly Match[] =>
    some.flatMap((order) => {
      const bar = market.bars.bar(order.accepted.symbol, session);
      const price = bar === undefined ? undefined : priceOf(order.accepted, bar);
      return matchOf(order, price, { participation, rates });
    });
  // The session comes before its closing auction, so what rested in it takes its volume first.
  const during = matchAll(orders.filter(isResting), (terms, bar) => priceInRange(terms, bar, rates));
  const others = orders.filter((order) => !isResting(order));
  const matches = [...during, ...matchAll(others, (terms, bar) => auctionPrice(terms, bar.close, rates))];
  return { matches, ends: remaindersOf(orders, matches) };
}

/** What an order placed while the session is open gets at once, at the open's price. */
export function matchOnArrival(
  state: AccountState,
  order: OrderTerms & { readonly orderId: string; readonly session: SessionDate },
  market: Market,
): Match | undefined {
  const bar = market.bars.bar(order.symbol, order.session);
  if (order.timeInForce !== 'day' || bar === undefined) return undefined;
  const price = auctionPrice(order, bar.open, market.rules.rates);
  if (price === undefined) return undefined;
  const quantity = atOpen(state, order.session, market).take(order.symbol, order.quantity);
  if (quantity === 0) return undefined;
  const { orderId, side, session } = order;
  return { orderId, quantity, price, commission: commission({ side, price, quantity, session }, market.rules.rates) };
}

function atOpen(state: AccountState, session: SessionDate, market: Market): Participation {
  const volume = (symbol: string): number => market.bars.barBefore(symbol, session)?.volume ?? 0;
  return new Participation(state, { session, fraction: market.rules.participationFraction, volume });
}

function ordersOf(state: AccountState, session: SessionDate): readonly PaperOrder[] {
  return openOrders(state).filter(({ accepted }) => accepted.session === session);
}

function isResting({ accepted }: PaperOrder): boolean {
  return accepted.timeInForce === 'day' && accepted.limitPrice !== undefined;
}

function matchOf(
  order: PaperOrder,
  price: Money | undefined,
  by: { readonly participation: Participation; readonly rates: CostRates },
): readonly Match[] {
  if (price === undefined) return [];
  const quantity = by.participation.take(order.accepted.symbol, openQuantity(order));
  if (quantity === 0) return [];
  const { orderId, side, session } = order.accepted;
  const value = sumMoney(order.fills.map((fill) => notional(fill.price, fill.quantity)));
  const execution = { side, price, quantity, session, before: { quantity: order.filledQuantity, value } };
  return [{ orderId, quantity, price, commission: commission(execution, by.rates) }];
}

function auctionPrice(order: OrderTerms, printed: Money, rates: CostRates): Money | undefined {
  return priceOf(matchAuction({ side: order.side, terms: termsOf(order) }, printed, rates));
}

function priceInRange(order: OrderTerms, bar: RecordedBar, rates: CostRates): Money | undefined {
  return priceOf(matchRange({ side: order.side, terms: termsOf(order) }, bar, rates));
}

function priceOf(match: PriceMatch): Money | undefined {
  return match.kind === 'fills' ? match.price : undefined;
}

function termsOf({ limitPrice }: OrderTerms): PriceTerms {
  return limitPrice === undefined ? { kind: 'market' } : { kind: 'limit', limitPrice };
}

function remaindersOf(orders: readonly PaperOrder[], matches: readonly Match[]): MatchingOutcome['ends'] {
  const matched = new Map(matches.map(({ orderId, quantity }) => [orderId, quantity]));
  return orders
    .filter((order) => openQuantity(order) > (matched.get(order.accepted.orderId) ?? shares(0)))
    .map(({ accepted }) => ({
      orderId: accepted.orderId,
      status: accepted.timeInForce === 'day' ? 'expired' : 'canceled',
    }));
}
