import { money, notional, sumMoney } from '#domain/money.ts';
import type { Money } from '#domain/money.ts';
import type { AccountState, PaperOrder } from './accountState.ts';
import { openOrders, openQuantity } from './accountState.ts';
import type { MarketTime } from './marketTime.ts';
import type { RecordedBars } from './recordedBars.ts';

/** The newest printed price of a symbol and the session and phase that printed it. */
export interface Print extends MarketTime {
  readonly price: Money;
}

/**
 * The last price a symbol printed at or before a market time: today's close once closed, today's open once open, else
 * the close before. This is the only way prices leave the exchange, so nothing later can.
 */
export function lastPrint(bars: RecordedBars, symbol: string, now: MarketTime): Print | undefined {
  const today = now.phase === 'beforeOpen' ? undefined : bars.bar(symbol, now.session);
  if (today !== undefined) {
    return now.phase === 'open'
      ? { price: today.open, session: today.session, phase: 'open' }
      : { price: today.close, session: today.session, phase: 'closed' };
  }
  const before = bars.barBefore(symbol, now.session);
  return before === undefined ? undefined : { price: before.close, session: before.session, phase: 'closed' };
}

/** The close before a session. */
export function previousClose(bars: RecordedBars, symbol: string, now: MarketTime): Money | undefined {
  return bars.barBefore(symbol, now.session)?.close;
}

/** What the account's holdings are worth at the last prints. */
export function marketValue(state: AccountState, bars: RecordedBars): Money {
  return sumMoney(
    [...state.holdings].map(([symbol, holding]) => notional(priceOf(bars, symbol, state), holding.quantity)),
  );
}

/** Cash and market value. */
export function equity(state: AccountState, bars: RecordedBars): Money {
  return money(state.cash + marketValue(state, bars));
}

/**
 * Alpaca's buying power: a multiple of equity, less what is held and what open purchases would cost at their limit or
 * the last print. With the multiple 1 this is cash less open purchases; it may be negative.
 */
export function buyingPower(state: AccountState, bars: RecordedBars, multiple: 1 | 2): Money {
  const reserved = openOrders(state)
    .filter((order) => order.accepted.side === 'buy')
    .map((order) => reservation(order, bars, state));
  return money(multiple * equity(state, bars) - marketValue(state, bars) - sumMoney(reserved));
}

function reservation(order: PaperOrder, bars: RecordedBars, state: AccountState): Money {
  const price = order.accepted.limitPrice ?? priceOf(bars, order.accepted.symbol, state);
  return notional(price, openQuantity(order));
}

function priceOf(bars: RecordedBars, symbol: string, now: MarketTime): Money {
  const print = lastPrint(bars, symbol, now);
  if (print === undefined) throw new Error(`${symbol} never printed before ${now.session}`);
  return print.price;
}
