import type { LastTrade } from '#activities/ports/broker.ts';
import type { OrderRow } from '#activities/ports/ledger.ts';
import type { CheckedAccount, OpenOrder } from '#domain/checkedAccount.ts';
import { notional, shares, sumMoney, type Money } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { SessionWorld } from './sessionActivities.ts';
import type { SessionPlan } from './tradingPlan.ts';

/**
 * An account as its limits see it: the broker's money, positions and prices, our open orders and what the session has
 * traded. An account without a row is halted.
 * @param symbols to price beside those held or on order
 */
export async function accountStanding(
  { ledger, brokerOf }: Pick<SessionWorld, 'ledger' | 'brokerOf'>,
  { account, session: date }: Pick<SessionPlan, 'account' | 'session'>,
  symbols: readonly string[],
): Promise<CheckedAccount> {
  const session = sessionDate(date);
  const broker = brokerOf(account);
  const [book, held, row] = await Promise.all([broker.account(), broker.positions(), ledger.account(account)]);
  const working = (await ledger.openOrders(account)).map(openOrderOf).filter(({ quantity }) => quantity > 0);
  const priced = new Set([...symbols, ...[...held, ...working].map(({ symbol }) => symbol)]);
  const lastPrices = pricesOf(await broker.lastTrades([...priced].sort()));
  // What was denied was never sent.
  const ordersToday = (await ledger.orders(account, session)).filter(({ state }) => state !== 'denied').length;
  const fills = await ledger.fills(account, session);
  const { phase } = await broker.clock();
  return {
    equity: book.equity,
    buyingPower: book.cash,
    state: row?.state ?? 'halted',
    positions: Object.fromEntries(held.map(({ symbol, quantity }) => [symbol, quantity])),
    grossExposure: sumMoney(held.map(({ quantity, marketPrice }) => notional(marketPrice, shares(Math.abs(quantity))))),
    dayOpenEquity: book.lastEquity,
    highWaterMark: row?.highWaterMark ?? book.equity,
    ordersToday,
    ordersLastMinute: await ledger.ordersClaimedWithin(account, minuteMs),
    turnoverToday: sumMoney(fills.map(({ price, quantity }) => notional(price, quantity))),
    working,
    lastPrices,
    phase,
  };
}

const minuteMs = 60_000;

/** What an order may still do; one that was written and not sent may be. */
function openOrderOf({ clientOrderId, symbol, side, quantity, filledQuantity, kind }: OrderRow): OpenOrder {
  return {
    clientOrderId,
    symbol,
    side,
    quantity: shares(Math.max(0, quantity - filledQuantity)),
    ...(kind.kind === 'limit' && { limitPrice: kind.limitPrice }),
  };
}

function pricesOf(trades: Readonly<Record<string, LastTrade>>): Readonly<Record<string, Money>> {
  return Object.fromEntries(Object.entries(trades).map(([symbol, { price }]) => [symbol, price]));
}
