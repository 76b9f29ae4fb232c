import { costOfFill, type CostRates, type FillCost } from './costs.ts';
import { money, shares, type Money, type Shares } from './money.ts';
import { bandEdges, type NoTradeBand } from './noTradeBand.ts';
import type { SessionDate } from './sessionDate.ts';
import { benefitOfTrade, type TradeWorth } from './tradeWorth.ts';

/** When a change of a weight is worth trading. */
export interface TradeTerms {
  /** Changes of less than this fraction of equity are not worth their cost; leaving a position altogether always is. */
  readonly noTradeFraction: number;
  /** Absent: every weight is brought to its target. */
  readonly band?: NoTradeBand;
  /** Symbols that no band holds: what they share has drifted too far. */
  readonly unbanded?: readonly string[];
  /** Shares of a lot; absent: 1. Leaving a position sells what is held, whole lots or not. */
  readonly lotShares?: Shares;
  /**
   * What the trades will be charged. It is taken off what is sized and spent, rounding alone is no reason to sell, and
   * what rounding leaves is spent to the last lot: rebalanced again, nothing is left to do. Absent: nothing is charged.
   */
  readonly charges?: { readonly rates: CostRates; readonly session: SessionDate };
  /** Trades that cost more than they are worth are left; absent: all that the band lets through are worth it. */
  readonly worth?: TradeWorth;
}

/** A symbol with what is held of it and aimed at. */
export interface WeighedSymbol {
  readonly symbol: string;
  /** Not negative. */
  readonly held: Shares;
  /** Positive. */
  readonly price: Money;
  /** Of equity, not negative. */
  readonly targetFraction: number;
}

/** Why a symbol is to be traded as it is, or is not. */
export type ChangeReason =
  /** No longer aimed at, sold altogether. */
  | 'leaves'
  | 'toTarget'
  | 'toEdge'
  | 'atTarget'
  | 'withinBand'
  /** The change is under the least part of equity that is traded. */
  | 'tooSmall'
  | 'costOverBenefit'
  /** Selling would take cash instead of bringing any. */
  | 'costOverProceeds';

/** What is to become of a symbol, before anybody looks at the cash. */
export interface WantedChange {
  /** Signed shares, bought where positive; 0 where nothing is traded. */
  readonly change: number;
  /** The change that cost and benefit are told of: the one above, or the one that was left for what it costs. */
  readonly weighed: number;
  readonly reason: ChangeReason;
}

/**
 * The change that brings a symbol to its target or its band's edge: whole lots, the position rounded toward zero.
 * @param sized what weights are fractions of, not negative
 */
export function wantedChange(asked: WeighedSymbol, sized: Money, terms: TradeTerms): WantedChange {
  const { symbol, held, price, targetFraction } = asked;
  const none = (reason: ChangeReason, weighed = 0): WantedChange => ({ change: 0, weighed, reason });
  const leaves = targetFraction === 0 && held > 0;
  const band = terms.unbanded?.includes(symbol) ? undefined : terms.band;
  const { low, high } = bandEdges(targetFraction, band);
  const sharesAt = (weight: number): number => (weight * sized) / price;
  if (band && !leaves && held >= sharesAt(low) && held <= sharesAt(high)) return none('withinBand');
  const edge = held < sharesAt(low) ? low : high;
  const change = leaves ? 0 - held : lotsTo(sharesAt(band?.to === 'edge' ? edge : targetFraction), held, terms);
  if (change === 0) return none(band?.to === 'edge' ? 'withinBand' : 'atTarget');
  if (!leaves && Math.abs(change) * price < terms.noTradeFraction * sized) return none('tooSmall');
  if (change < 0 && fillOf(price, change, terms).cashChange < 0) return none('costOverProceeds', change);
  if (!leaves && !isWorthItsCost(asked, change, { sized, terms })) return none('costOverBenefit', change);
  return { change, weighed: change, reason: leaves ? 'leaves' : band?.to === 'edge' ? 'toEdge' : 'toTarget' };
}

/** Spread, commission and cash of a change; where the terms name no charges its price is all that it takes or brings. */
export function fillOf(
  price: Money,
  change: number,
  { charges }: Pick<TradeTerms, 'charges'>,
): Pick<FillCost, 'commission' | 'slippage' | 'cashChange'> {
  if (change === 0 || !charges) {
    return { commission: money(0), slippage: money(0), cashChange: money(-change * price) };
  }
  const side = change > 0 ? 'buy' : 'sell';
  const quantity = shares(Math.abs(change));
  return costOfFill({ side, printed: price, quantity, session: charges.session }, charges.rates);
}

/** Spread and commission of a change. */
export function costOf(price: Money, change: number, terms: Pick<TradeTerms, 'charges'>): Money {
  const { commission, slippage } = fillOf(price, change, terms);
  return money(commission + slippage);
}

/** What a change is worth; undefined where the terms do not say how. */
export function benefitOf(
  { symbol, held, price, targetFraction }: WeighedSymbol,
  change: number,
  { sized, terms: { worth } }: { readonly sized: Money; readonly terms: Pick<TradeTerms, 'worth'> },
): Money | undefined {
  if (!worth) return undefined;
  if (change === 0 || sized === 0) return money(0);
  const distance = (quantity: number): number => (quantity * price) / sized - targetFraction;
  return benefitOfTrade(symbol, { before: distance(held), after: distance(held + change), equity: sized }, worth);
}

/** Whether a change is worth what it costs; it is where the terms do not say how it would be. */
export function isWorthItsCost(
  asked: WeighedSymbol,
  change: number,
  by: { readonly sized: Money; readonly terms: Pick<TradeTerms, 'worth' | 'charges'> },
): boolean {
  const benefit = benefitOf(asked, change, by);
  return benefit === undefined || benefit >= costOf(asked.price, change, by.terms);
}

/** Signed whole lots from what is held to a position, which they never pass upward; a sale sells no more than is held. */
function lotsTo(aim: number, held: Shares, { lotShares = shares(1), charges }: TradeTerms): number {
  const change = Math.trunc(aim) - held;
  if (change >= 0) return Math.trunc(change / lotShares) * lotShares;
  // Where selling has a cost, a lot begun by rounding is none to sell.
  if (charges && held - aim < lotShares) return 0;
  return -Math.min(Math.ceil(-change / lotShares), Math.trunc(held / lotShares)) * lotShares;
}
