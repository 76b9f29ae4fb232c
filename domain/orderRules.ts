import type { Denial, DenialCode } from './denials.ts';
import type { ExposureBook } from './exposureBook.ts';
import { dollars, notional } from './money.ts';
import type { PreTradeLimits } from './preTradeLimits.ts';
import type { Trade } from './rebalance.ts';

type Rule = (trade: Trade, book: ExposureBook, limits: PreTradeLimits) => Denial | undefined;

/** Rules that an order keeps or breaks, whatever its size; in the order they are asked. */
const rules: readonly Rule[] = [
  withinSessionHours,
  notRestricted,
  reducesAsItSays,
  saleWithinPosition,
  exposureAllowed,
  notDuplicate,
  lossesWithinLimits,
  priceWithinCollar,
  notionalWithinLimit,
  ordersWithinLimit,
];

/** Holds a trade against every rule that no smaller quantity would keep; undefined when it keeps all. */
export function brokenRule(trade: Trade, book: ExposureBook, limits: PreTradeLimits): Denial | undefined {
  for (const rule of rules) {
    const denial = rule(trade, book, limits);
    if (denial) return denial;
  }
  return undefined;
}

/** A denial with its figures as texts. */
export function denied(code: DenialCode, limit: number | string, actual: number | string): Denial {
  return { kind: 'denied', code, limit: String(limit), actual: String(actual) };
}

function withinSessionHours(_: Trade, { phase }: ExposureBook): Denial | undefined {
  return phase === 'closed' ? denied('OUTSIDE_SESSION_HOURS', 'before the close', 'the session is closed') : undefined;
}

function notRestricted(trade: Trade, _: ExposureBook, limits: PreTradeLimits): Denial | undefined {
  if (!limits.restricted.includes(trade.symbol)) return undefined;
  return denied('RESTRICTED_SYMBOL', 'not on the restricted list', trade.symbol);
}

function notDuplicate({ symbol, side }: Trade, book: ExposureBook): Denial | undefined {
  if (!book.works(symbol, side)) return undefined;
  return denied('DUPLICATE_ORDER', 'one working order a symbol and side', `another ${side} of ${symbol}`);
}

/** The flag exempts from limits, so it is proven and never believed. */
function reducesAsItSays(trade: Trade, book: ExposureBook): Denial | undefined {
  const held = book.heldOf(trade.symbol);
  const reduces = trade.side === 'sell' ? held >= trade.quantity : held + trade.quantity <= 0;
  if (!trade.reduceOnly || reduces) return undefined;
  return denied('FALSE_REDUCTION', `position of ${held}`, `${trade.side} ${trade.quantity}`);
}

function saleWithinPosition({ symbol, side, quantity }: Trade, book: ExposureBook): Denial | undefined {
  const held = book.heldOf(symbol);
  if (side === 'buy' || quantity <= held) return undefined;
  return denied('SALE_OVER_POSITION', held, quantity);
}

function exposureAllowed(trade: Trade, { state }: ExposureBook): Denial | undefined {
  if (state === 'active' || trade.reduceOnly) return undefined;
  return denied('EXPOSURE_WHILE_REDUCING', 'reduce-only orders', `account is ${state}`);
}

/** The breaker halts at these losses when it weighs; nothing is added before it has. */
function lossesWithinLimits(trade: Trade, { losses }: ExposureBook, limits: PreTradeLimits): Denial | undefined {
  const { dailyLossFractionMax = Number.POSITIVE_INFINITY, drawdownFractionMax = Number.POSITIVE_INFINITY } = limits;
  if (trade.reduceOnly) return undefined;
  const { dailyLossFraction, drawdownFraction } = losses;
  if (dailyLossFraction > dailyLossFractionMax) {
    return denied('DAILY_LOSS_OVER_LIMIT', dailyLossFractionMax, dailyLossFraction);
  }
  return drawdownFraction > drawdownFractionMax
    ? denied('DRAWDOWN_OVER_LIMIT', drawdownFractionMax, drawdownFraction)
    : undefined;
}

function priceWithinCollar(trade: Trade, book: ExposureBook, limits: PreTradeLimits): Denial | undefined {
  const last = book.markOf(trade.symbol);
  if (last === undefined) return denied('PRICE_OUTSIDE_COLLAR', limits.priceCollarFraction, 'no last price');
  const away = Math.abs(trade.referencePrice - last) / last;
  return away <= limits.priceCollarFraction
    ? undefined
    : denied('PRICE_OUTSIDE_COLLAR', limits.priceCollarFraction, away);
}

/** An order this large is taken for a mistake: making it smaller would hide a wrong weight or price. */
function notionalWithinLimit(trade: Trade, _: ExposureBook, limits: PreTradeLimits): Denial | undefined {
  const amount = notional(trade.referencePrice, trade.quantity);
  if (trade.reduceOnly || amount <= limits.orderNotionalMax) return undefined;
  return denied('ORDER_NOTIONAL_OVER_LIMIT', dollars(limits.orderNotionalMax), dollars(amount));
}

function ordersWithinLimit(_: Trade, book: ExposureBook, limits: PreTradeLimits): Denial | undefined {
  const { ordersPerSessionMax, ordersPerMinuteMax = Number.POSITIVE_INFINITY } = limits;
  if (book.ordersToday >= ordersPerSessionMax) {
    return denied('ORDERS_OVER_LIMIT', ordersPerSessionMax, book.ordersToday + 1);
  }
  return book.ordersLastMinute >= ordersPerMinuteMax
    ? denied('ORDER_RATE_OVER_LIMIT', ordersPerMinuteMax, book.ordersLastMinute + 1)
    : undefined;
}
