import type { CheckedAccount } from './checkedAccount.ts';
import type { Denial, DenialCode } from './denials.ts';
import { ExposureBook } from './exposureBook.ts';
import {
  allows,
  limitsOnPurchase,
  limitsStanding,
  limitTexts,
  mostWithin,
  type ExposureLimit,
} from './exposureLimits.ts';
import { shares, type Shares } from './money.ts';
import { brokenRule } from './orderRules.ts';
import type { PreTradeLimits } from './preTradeLimits.ts';
import type { Trade } from './rebalance.ts';

/** Why a trade was made smaller: the limit that left least room, and the figure the whole trade would have had. */
export interface Reduction {
  readonly code: DenialCode;
  readonly limit: string;
  readonly actual: string;
  /** What was asked for. */
  readonly asked: Shares;
}

/** What the checks say of a trade. */
export type TradeAnswer =
  | { readonly kind: 'allowed' }
  /** `quantity` is the most that every limit allows: positive, and less than what was asked. */
  | { readonly kind: 'reduced'; readonly quantity: Shares; readonly reduction: Reduction }
  | Denial;

/** A trade with what the checks say of it; a reduced one holds the quantity that is left. */
export type CheckedTrade =
  | { readonly kind: 'allowed'; readonly trade: Trade }
  | { readonly kind: 'reduced'; readonly trade: Trade; readonly reduction: Reduction }
  | { readonly kind: 'denied'; readonly trade: Trade; readonly denial: Denial };

/** A limit that the account is over, whatever brought it there: a fill elsewhere than expected, or a price. */
export interface LimitBreach {
  readonly code: DenialCode;
  /** Symbol or sector; absent where it is the whole account. */
  readonly of?: string;
  readonly limit: string;
  readonly actual: string;
}

/**
 * Holds one trade against every limit, on what the account holds, what its open orders may add, and the trade. A trade
 * that is too large is cut to what every limit leaves, unless its size alone says that it is a mistake; one that only
 * reduces is never held against exposure. The same book, limits and trade give the same answer.
 */
export function checkTrade(trade: Trade, book: ExposureBook, limits: PreTradeLimits): TradeAnswer {
  const denial = brokenRule(trade, book, limits);
  if (denial) return denial;
  if (trade.reduceOnly || trade.side === 'sell') return { kind: 'allowed' };
  const { symbol, quantity, referencePrice } = trade;
  const price = Math.max(referencePrice, book.markOf(symbol) ?? 0);
  let most: number = quantity;
  let binding: ExposureLimit | undefined;
  for (const limit of limitsOnPurchase(book, { symbol, price }, limits)) {
    const within = mostWithin(limit, quantity);
    if (within >= most) continue;
    most = within;
    binding = limit;
  }
  if (!binding) return { kind: 'allowed' };
  const { code } = binding;
  const { limit, actual } = limitTexts(binding, quantity);
  if (most === 0) return { kind: 'denied', code, limit, actual };
  return { kind: 'reduced', quantity: shares(most), reduction: { code, limit, actual, asked: quantity } };
}

/**
 * Checks a batch in its order: each trade meets the account as the trades before it would leave it at their reference
 * prices, since the venue nets them or fills the sales first; the buffer for other prices is kept by the rebalance. A
 * denied trade changes nothing.
 */
export function checkTrades(
  trades: readonly Trade[],
  account: CheckedAccount,
  limits: PreTradeLimits,
): readonly CheckedTrade[] {
  const book = new ExposureBook(account, limits.sectors?.bySymbol);
  return trades.map((trade): CheckedTrade => {
    const answer = checkTrade(trade, book, limits);
    if (answer.kind === 'denied') return { kind: 'denied', trade, denial: answer };
    const quantity = answer.kind === 'reduced' ? answer.quantity : trade.quantity;
    book.settle({ symbol: trade.symbol, side: trade.side, quantity, price: trade.referencePrice });
    if (answer.kind === 'allowed') return { kind: 'allowed', trade };
    return { kind: 'reduced', trade: { ...trade, quantity }, reduction: answer.reduction };
  });
}

/**
 * The limits that an account is over as it stands: asked after every fill and every new price. Nothing is sold for it;
 * whoever asks says so to people, and no order may add to it.
 * @param symbols whose positions to look at, those that filled; all that are held when left out
 */
export function breachesOf(
  book: ExposureBook,
  limits: PreTradeLimits,
  symbols: readonly string[] = book.symbols,
): readonly LimitBreach[] {
  const breaches = new Map<string, LimitBreach>();
  const add = (breach: LimitBreach): void => void breaches.set(`${breach.code} ${breach.of ?? ''}`, breach);
  for (const symbol of symbols) {
    for (const limit of limitsStanding(book, symbol, limits)) {
      if (limit.standing > 0 && !allows(limit, 0)) add(breachOf(limit));
    }
  }
  const { dailyLossFraction, drawdownFraction } = book.losses;
  const losses = [
    ['DAILY_LOSS_OVER_LIMIT', dailyLossFraction, limits.dailyLossFractionMax],
    ['DRAWDOWN_OVER_LIMIT', drawdownFraction, limits.drawdownFractionMax],
  ] as const;
  for (const [code, actual, limit] of losses) {
    if (limit !== undefined && actual > limit) add({ code, limit: String(limit), actual: String(actual) });
  }
  return [...breaches.values()];
}

function breachOf(limit: ExposureLimit): LimitBreach {
  return { code: limit.code, ...(limit.of !== undefined && { of: limit.of }), ...limitTexts(limit, 0) };
}
