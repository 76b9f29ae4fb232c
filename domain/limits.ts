import { notional, type Money, type Shares } from './money.ts';
import type { Trade } from './rebalance.ts';

/** Why our own checks refuse an order: never sent, written down with limit and figure. */
export interface Denial {
  readonly kind: 'denied';
  readonly code: DenialCode;
  readonly limit: string;
  readonly actual: string;
}

/** Codes of denials, each a rule of its own (SEC rule 15c3-5 as the guide). */
export type DenialCode =
  | 'RESTRICTED_SYMBOL'
  | 'ORDER_NOTIONAL_OVER_LIMIT'
  | 'POSITION_OVER_LIMIT'
  | 'LEVERAGE_OVER_LIMIT'
  | 'SALE_OVER_POSITION'
  | 'EXPOSURE_WHILE_REDUCING'
  | 'ORDERS_OVER_LIMIT';

/** Limits of an account. */
export interface PreTradeLimits {
  readonly orderNotionalMax: Money;
  /** Largest position, a fraction of equity; infinity where a rule of equal weights sets its own. */
  readonly positionFractionMax: number;
  readonly leverageMax: number;
  readonly ordersPerSessionMax: number;
  readonly restricted: readonly string[];
}

/** The account as the checks see it, including what earlier orders of the batch would change. */
export interface CheckedAccount {
  readonly equity: Money;
  readonly state: 'active' | 'reducing' | 'halted';
  readonly positions: Readonly<Record<string, Shares>>;
  /** Market value of all positions. */
  readonly grossExposure: Money;
  readonly ordersToday: number;
}

type Check = (trade: Trade, account: CheckedAccount, limits: PreTradeLimits) => Denial | undefined;

/** Every check, in the order they are asked; the first refusal is the answer. */
const checks: readonly Check[] = [
  restricted,
  notionalWithinLimit,
  saleWithinPosition,
  exposureAllowed,
  positionWithinLimit,
  leverageWithinLimit,
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

function restricted(trade: Trade, _: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  if (!limits.restricted.includes(trade.symbol)) return undefined;
  return denied('RESTRICTED_SYMBOL', 'not on the restricted list', trade.symbol);
}

function notionalWithinLimit(trade: Trade, _: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  const amount = notional(trade.referencePrice, trade.quantity);
  if (trade.reduceOnly || amount <= limits.orderNotionalMax) return undefined;
  return denied('ORDER_NOTIONAL_OVER_LIMIT', limits.orderNotionalMax, amount);
}

function saleWithinPosition(trade: Trade, account: CheckedAccount): Denial | undefined {
  const held = account.positions[trade.symbol] ?? 0;
  if (trade.side === 'buy' || trade.quantity <= held) return undefined;
  return denied('SALE_OVER_POSITION', held, trade.quantity);
}

function exposureAllowed(trade: Trade, account: CheckedAccount): Denial | undefined {
  if (account.state === 'active' || trade.reduceOnly) return undefined;
  return denied('EXPOSURE_WHILE_REDUCING', 'reduce-only orders', `account is ${account.state}`);
}

function positionWithinLimit(trade: Trade, account: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  if (trade.reduceOnly) return undefined;
  const after = ((account.positions[trade.symbol] ?? 0) + trade.quantity) * trade.referencePrice;
  const fraction = after / account.equity;
  if (fraction <= limits.positionFractionMax) return undefined;
  return denied('POSITION_OVER_LIMIT', limits.positionFractionMax, fraction);
}

function leverageWithinLimit(trade: Trade, account: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  if (trade.reduceOnly) return undefined;
  const leverage = (account.grossExposure + notional(trade.referencePrice, trade.quantity)) / account.equity;
  if (leverage <= limits.leverageMax) return undefined;
  return denied('LEVERAGE_OVER_LIMIT', limits.leverageMax, leverage);
}

function ordersWithinLimit(_: Trade, account: CheckedAccount, limits: PreTradeLimits): Denial | undefined {
  if (account.ordersToday < limits.ordersPerSessionMax) return undefined;
  return denied('ORDERS_OVER_LIMIT', limits.ordersPerSessionMax, account.ordersToday + 1);
}

function denied(code: DenialCode, limit: number | string, actual: number | string): Denial {
  return { kind: 'denied', code, limit: String(limit), actual: String(actual) };
}
