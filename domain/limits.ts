import type { BreakerState } from './breaker.ts';
import type { Denial, DenialCode } from './denials.ts';
import { dollars, money, notional, shares, type Money, type Shares } from './money.ts';
import type { OrderSide } from './order.ts';
import type { Trade } from './rebalance.ts';
import type { SectorLimits } from './sectorLimits.ts';

/** Limits of an account. */
export interface PreTradeLimits {
  readonly orderNotionalMax: Money;
  /** Largest position, a fraction of equity; infinity where a rule of equal weights sets its own. */
  readonly positionFractionMax: number;
  readonly leverageMax: number;
  readonly ordersPerSessionMax: number;
  /** How far a reference price may lie from the last printed one, a fraction of the latter. */
  readonly priceCollarFraction: number;
  readonly restricted: readonly string[];
  /** Absent: sectors are not looked at. */
  readonly sectors?: SectorLimits;
}

/** The account as the checks see it, including what earlier orders of the batch would change. */
export interface CheckedAccount {
  readonly equity: Money;
  /** Cash that buys may still spend. */
  readonly buyingPower: Money;
  readonly state: BreakerState;
  readonly positions: Readonly<Record<string, Shares>>;
  /** Market value of all positions. */
  readonly grossExposure: Money;
  readonly ordersToday: number;
  /** Orders that have not ended. */
  readonly working: readonly { readonly symbol: string; readonly side: OrderSide }[];
  /** Last prices the venue printed. */
  readonly lastPrices: Readonly<Record<string, Money>>;
  /** Where the venue's session stands, by the venue's clock. */
  readonly phase: 'beforeOpen' | 'open' | 'closed';
}

/** A trade with what the checks say of it. */
export type CheckedTrade =
  | { readonly kind: 'allowed'; readonly trade: Trade }
  | { readonly kind: 'denied'; readonly trade: Trade; readonly denial: Denial };

type Check = (trade: Trade, account: CheckedAccount, limits: PreTradeLimits) => Denial | undefined;

/** Every check, in the order they are asked; the first refusal is the answer. */
const checks: readonly Check[] = [
  withinSessionHours,
  notRestricted,
  reducesAsItSays,
  saleWithinPosition,
  exposureAllowed,
  notDuplicate,
  priceWithinCollar,
  notionalWithinLimit,
  positionWithinLimit,
  sectorWithinLimit,
  leverageWithinLimit,
  buyingPowerSuffices,
  ordersWithinLimit,
];

/** Holds one trade against every limit; undefined when all allow it. */
export function checkTrade(trade: Trade, account: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  for (const check of checks) {
    const denial = check(trade, account, limits);
    if (denial) return denial;
  }
  return undefined;
}

/**
 * Checks a batch in its order: each trade meets the account as the allowed trades before it would leave it at their
 * reference prices; the buffer for other prices is kept by the rebalance. A denied trade changes nothing.
 */
export function checkTrades(
  trades: readonly Trade[],
  account: CheckedAccount,
  limits: PreTradeLimits,
): readonly CheckedTrade[] {
  let standing = account;
  return trades.map((trade): CheckedTrade => {
    const denial = checkTrade(trade, standing, limits);
    if (denial) return { kind: 'denied', trade, denial };
    standing = after(trade, standing);
    return { kind: 'allowed', trade };
  });
}

function after(trade: Trade, account: CheckedAccount): CheckedAccount {
  const { symbol, side, quantity, referencePrice } = trade;
  const sign = side === 'buy' ? 1 : -1;
  const amount = sign * notional(referencePrice, quantity);
  return {
    ...account,
    buyingPower: money(account.buyingPower - amount),
    positions: { ...account.positions, [symbol]: shares(heldOf(trade, account) + sign * quantity) },
    grossExposure: money(Math.max(0, account.grossExposure + amount)),
    ordersToday: account.ordersToday + 1,
    working: [...account.working, { symbol, side }],
  };
}

function withinSessionHours(_: Trade, { phase }: CheckedAccount): Denial | undefined {
  return phase === 'closed' ? denied('OUTSIDE_SESSION_HOURS', 'before the close', 'the session is closed') : undefined;
}

function notRestricted(trade: Trade, _: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  if (!limits.restricted.includes(trade.symbol)) return undefined;
  return denied('RESTRICTED_SYMBOL', 'not on the restricted list', trade.symbol);
}

/** The flag exempts from limits, so it is proven and never believed. */
function reducesAsItSays(trade: Trade, account: CheckedAccount): Denial | undefined {
  const held = heldOf(trade, account);
  const reduces = trade.side === 'sell' ? held >= trade.quantity : held + trade.quantity <= 0;
  if (!trade.reduceOnly || reduces) return undefined;
  return denied('FALSE_REDUCTION', `position of ${held}`, `${trade.side} ${trade.quantity}`);
}

function saleWithinPosition(trade: Trade, account: CheckedAccount): Denial | undefined {
  const held = heldOf(trade, account);
  if (trade.side === 'buy' || trade.quantity <= held) return undefined;
  return denied('SALE_OVER_POSITION', held, trade.quantity);
}

function exposureAllowed(trade: Trade, account: CheckedAccount): Denial | undefined {
  if (account.state === 'active' || trade.reduceOnly) return undefined;
  return denied('EXPOSURE_WHILE_REDUCING', 'reduce-only orders', `account is ${account.state}`);
}

function notDuplicate({ symbol, side }: Trade, { working }: CheckedAccount): Denial | undefined {
  if (!working.some((order) => order.symbol === symbol && order.side === side)) return undefined;
  return denied('DUPLICATE_ORDER', 'one working order a symbol and side', `another ${side} of ${symbol}`);
}

function priceWithinCollar(trade: Trade, account: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  const last = account.lastPrices[trade.symbol];
  if (last === undefined || last <= 0) {
    return denied('PRICE_OUTSIDE_COLLAR', limits.priceCollarFraction, 'no last price');
  }
  const away = Math.abs(trade.referencePrice - last) / last;
  return away <= limits.priceCollarFraction
    ? undefined
    : denied('PRICE_OUTSIDE_COLLAR', limits.priceCollarFraction, away);
}

function notionalWithinLimit(trade: Trade, _: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  const amount = notional(trade.referencePrice, trade.quantity);
  if (trade.reduceOnly || amount <= limits.orderNotionalMax) return undefined;
  return denied('ORDER_NOTIONAL_OVER_LIMIT', dollars(limits.orderNotionalMax), dollars(amount));
}

function positionWithinLimit(trade: Trade, account: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  if (trade.reduceOnly) return undefined;
  const position = (heldOf(trade, account) + trade.quantity) * trade.referencePrice;
  const fraction = fractionOfEquity(position, account);
  if (fraction <= limits.positionFractionMax && account.equity > 0) return undefined;
  return denied('POSITION_OVER_LIMIT', limits.positionFractionMax, fraction);
}

/** A position of the sector without a last price could be any size: nothing is added to it. */
function sectorWithinLimit(trade: Trade, account: CheckedAccount, { sectors }: PreTradeLimits): Denial | undefined {
  const sector = sectors?.bySymbol[trade.symbol];
  if (!sectors || sector === undefined || trade.reduceOnly) return undefined;
  let held = trade.referencePrice * trade.quantity;
  for (const [symbol, quantity] of Object.entries(account.positions)) {
    if (sectors.bySymbol[symbol] !== sector || quantity === 0) continue;
    held += Math.abs(quantity) * (account.lastPrices[symbol] ?? Number.POSITIVE_INFINITY);
  }
  const fraction = fractionOfEquity(held, account);
  if (fraction <= sectors.fractionMax) return undefined;
  return denied('SECTOR_OVER_LIMIT', sectors.fractionMax, `${fraction} in ${sector}`);
}

function leverageWithinLimit(trade: Trade, account: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  if (trade.reduceOnly) return undefined;
  const leverage = fractionOfEquity(account.grossExposure + trade.referencePrice * trade.quantity, account);
  if (leverage <= limits.leverageMax) return undefined;
  return denied('LEVERAGE_OVER_LIMIT', limits.leverageMax, leverage);
}

function buyingPowerSuffices(trade: Trade, account: CheckedAccount): Denial | undefined {
  const amount = notional(trade.referencePrice, trade.quantity);
  if (trade.side === 'sell' || amount <= account.buyingPower) return undefined;
  return denied('BUYING_POWER_EXCEEDED', dollars(account.buyingPower), dollars(amount));
}

function ordersWithinLimit(_: Trade, account: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  if (account.ordersToday < limits.ordersPerSessionMax) return undefined;
  return denied('ORDERS_OVER_LIMIT', limits.ordersPerSessionMax, account.ordersToday + 1);
}

function heldOf(trade: Trade, account: CheckedAccount): number {
  return account.positions[trade.symbol] ?? 0;
}

/** Without equity any exposure is infinitely much. */
function fractionOfEquity(amount: number, { equity }: CheckedAccount): number {
  return equity > 0 ? amount / equity : Number.POSITIVE_INFINITY;
}

function denied(code: DenialCode, limit: number | string, actual: number | string): Denial {
  return { kind: 'denied', code, limit: String(limit), actual: String(actual) };
}
