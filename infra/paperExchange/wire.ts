import { closeMs } from '#domain/calendar.ts';
import { dollars, money, moneyPerDollar, notional, sumMoney } from '#domain/money.ts';
import type { Money } from '#domain/money.ts';
import { decimalText } from '../alpaca/decimalText.ts';
import { newYorkText } from '#domain/newYorkTime.ts';
import { isDone } from './accountState.ts';
import { uuidOf } from './activityIds.ts';
import type { AccountState, PaperOrder } from './accountState.ts';
import type { Market } from './matching.ts';
import { marketTimeMs, nextMarketTime, sessionAfter } from './marketTime.ts';
import type { MarketTime } from './marketTime.ts';
import type { RecordedBars } from './recordedBars.ts';
import { buyingPower, equity, lastPrint, marketValue, previousClose } from './valuation.ts';

const alpacaTimesInForce = { day: 'day', opening: 'opg', closing: 'cls' } as const;

/** Alpaca's Account. */
export function accountBody(
  state: AccountState,
  market: Market & { readonly buyingPowerMultiple: 1 | 2 },
): Readonly<Record<string, unknown>> {
  const value = marketValue(state, market.bars);
  const worth = decimalText(equity(state, market.bars));
  const power = decimalText(buyingPower(state, market.bars, market.buyingPowerMultiple));
  return {
    id: state.accountId,
    account_number: `PA${state.accountId.slice(0, 8).toUpperCase()}`,
    status: 'ACTIVE',
    currency: 'USD',
    cash: decimalText(state.cash),
    portfolio_value: worth,
    equity: worth,
    last_equity: decimalText(state.lastEquity),
    long_market_value: decimalText(value),
    short_market_value: '0',
    initial_margin: decimalText(money(Math.floor(value / market.buyingPowerMultiple))),
    buying_power: power,
    regt_buying_power: power,
    multiplier: String(market.buyingPowerMultiple),
    accrued_fees: decimalText(state.commissions),
    shorting_enabled: false,
    account_blocked: false,
    trading_blocked: false,
    transfers_blocked: false,
    trade_suspended_by_user: false,
    created_at: new Date(state.openedAtMs).toISOString(),
  };
}

/** Alpaca's legacy clock. After the last recorded session the next open is printed as the next calendar day's. */
export function clockBody(now: MarketTime, bars: RecordedBars): Readonly<Record<string, unknown>> {
  const nextOpen = nextReaching(now, bars, 'open');
  const nextClose = nextReaching(now, bars, 'closed');
  return {
    timestamp: newYorkText(marketTimeMs(now)),
    is_open: now.phase === 'open',
    next_open: newYorkText(nextOpen),
    next_close: newYorkText(nextClose),
  };
}

/** Alpaca's calendar of [start, end], never further than the session after the account's own. */
export function calendarBody(
  now: MarketTime,
  bars: RecordedBars,
  range: { readonly start?: string; readonly end?: string },
): readonly Readonly<Record<string, unknown>>[] {
  const horizon = sessionAfter(now.session, bars.sessions) ?? now.session;
  return bars.sessions
    .filter((session) => session <= horizon)
    .filter((session) => session >= (range.start ?? '') && session <= (range.end ?? horizon))
    .map((session) => ({
      date: session,
      open: '09:30',
      close: newYorkClock(closeMs(session)),
      session_open: '0400',
      // After hours end four hours after the close, on half days too.
      session_close: newYorkClock(closeMs(session) + afterHoursMs).replace(':', ''),
      // Where the recording ends, or the next session lies beyond what may be told, settlement is not known.
      settlement_date: bars.sessions.find((later) => later > session && later <= horizon) ?? session,
    }));
}

const afterHoursMs = 4 * 3_600_000;

function newYorkClock(atMs: number): string {
  return newYorkText(atMs).slice(11, 16);
}

/** Alpaca's Order. */
export function orderBody(order: PaperOrder, now: MarketTime): Readonly<Record<string, unknown>> {
  const { accepted, ended } = order;
  const submittedAt = timeText(accepted.marketTimeMs);
  const lastFill = order.fills.at(-1);
  const isFilled = order.filledQuantity === accepted.quantity;
  const endedAt = (status: 'canceled' | 'expired'): string | null =>
    ended?.status === status ? timeText(ended.marketTimeMs) : null;
  const type = accepted.limitPrice === undefined ? 'market' : 'limit';
  return {
    id: accepted.orderId,
    client_order_id: accepted.clientOrderId,
    created_at: submittedAt,
    submitted_at: submittedAt,
    updated_at: timeText(ended?.marketTimeMs ?? lastFill?.marketTimeMs ?? accepted.marketTimeMs),
    filled_at: isFilled && lastFill !== undefined ? timeText(lastFill.marketTimeMs) : null,
    canceled_at: endedAt('canceled'),
    expired_at: endedAt('expired'),
    expires_at: timeText(marketTimeMs({ session: accepted.session, phase: 'closed' })),
    failed_at: null,
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    asset_id: uuidOf(accepted.symbol),
    symbol: accepted.symbol,
    asset_class: 'us_equity',
    notional: null,
    qty: String(accepted.quantity),
    filled_qty: String(order.filledQuantity),
    filled_avg_price: averagePrice(order),
    order_class: 'simple',
    order_type: type,
    type,
    side: accepted.side,
    time_in_force: alpacaTimesInForce[accepted.timeInForce],
    limit_price: accepted.limitPrice === undefined ? null : decimalText(accepted.limitPrice),
    stop_price: null,
    trail_percent: null,
    trail_price: null,
    hwm: null,
    extended_hours: false,
    legs: null,
    position_intent: accepted.side === 'buy' ? 'buy_to_open' : 'sell_to_close',
    status: orderStatus(order, now),
  };
}

/** Alpaca's Position. */
export function positionBody(
  state: AccountState,
  symbol: string,
  bars: RecordedBars,
): Readonly<Record<string, unknown>> {
  const holding = state.holdings.get(symbol);
  const price = lastPrint(bars, symbol, state)?.price;
  if (holding === undefined || price === undefined) throw new Error(`no position in ${symbol}`);
  const value = notional(price, holding.quantity);
  const yesterday = previousClose(bars, symbol, state) ?? price;
  const promised = [...state.orders.values()]
    .filter((order) => !isDone(order) && order.accepted.side === 'sell' && order.accepted.symbol === symbol)
    .reduce((sum, order) => sum + order.accepted.quantity - order.filledQuantity, 0);
  const gain = money(value - holding.cost);
  const gainToday = money(value - notional(yesterday, holding.quantity));
  return {
    asset_id: uuidOf(symbol),
    symbol,
    exchange: 'NASDAQ',
    asset_class: 'us_equity',
    asset_marginable: true,
    qty: String(holding.quantity),
    qty_available: String(holding.quantity - promised),
    side: 'long',
    avg_entry_price: ratioText(holding.cost, holding.quantity * moneyPerDollar),
    market_value: decimalText(value),
    cost_basis: decimalText(holding.cost),
    unrealized_pl: decimalText(gain),
    unrealized_plpc: ratioText(gain, holding.cost),
    unrealized_intraday_pl: decimalText(gainToday),
    unrealized_intraday_plpc: ratioText(gainToday, notional(yesterday, holding.quantity)),
    current_price: decimalText(price),
    lastday_price: decimalText(yesterday),
    change_today: ratioText(price - yesterday, yesterday),
  };
}

/** Alpaca's latest trades; symbols without a print are left out. */
export function latestTradesBody(
  symbols: readonly string[],
  now: MarketTime,
  bars: RecordedBars,
): Readonly<Record<string, unknown>> {
  const trades = symbols.flatMap((symbol) => {
    const print = lastPrint(bars, symbol, now);
    if (print === undefined) return [];
    const t = timeText(marketTimeMs(print));
    // Daily bars know no single trades: size, identity and conditions are only there for the shape.
    return [[symbol, { t, x: 'Q', p: dollars(print.price), s: 1, c: ['@'], i: 1, z: 'C' }] as const];
  });
  return { trades: Object.fromEntries(trades) };
}

function orderStatus(order: PaperOrder, now: MarketTime): string {
  if (order.filledQuantity === order.accepted.quantity) return 'filled';
  if (order.ended !== undefined) return order.ended.status;
  if (order.filledQuantity > 0) return 'partially_filled';
  const isRouted = now.session === order.accepted.session && now.phase !== 'beforeOpen';
  return isRouted ? 'new' : 'accepted';
}

function averagePrice(order: PaperOrder): string | null {
  if (order.filledQuantity === 0) return null;
  const value: Money = sumMoney(order.fills.map((fill) => notional(fill.price, fill.quantity)));
  return ratioText(value, order.filledQuantity * moneyPerDollar);
}

/** A ratio printed with six decimals: a figure for reading, nothing is computed from it. */
function ratioText(part: number, whole: number): string {
  return whole === 0 ? '0' : String(Math.round((part / whole) * 1e6) / 1e6);
}

function nextReaching(now: MarketTime, bars: RecordedBars, phase: 'open' | 'closed'): number {
  let time: MarketTime | undefined = nextMarketTime(now, bars.sessions);
  while (time !== undefined && time.phase !== phase) time = nextMarketTime(time, bars.sessions);
  if (time !== undefined) return marketTimeMs(time);
  return marketTimeMs({ session: now.session, phase }) + 86_400_000;
}

/** An instant as Alpaca prints it in bodies. */
export function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
}
