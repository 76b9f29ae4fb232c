import type { BreakerState } from './breaker.ts';
import { buysInProportion, buysToLastLot, type CashTerms, type WantedBuy } from './buysWithinCash.ts';
import { money, shares, sumMoney, type Money, type Shares } from './money.ts';
import type { OrderSide } from './order.ts';
import {
  benefitOf,
  costOf,
  fillOf,
  isWorthItsCost,
  wantedChange,
  type ChangeReason,
  type TradeTerms,
  type WantedChange,
  type WeighedSymbol,
} from './wantedChange.ts';

/** What to buy or sell of one symbol to reach its target. */
export interface Trade {
  readonly symbol: string;
  readonly side: OrderSide;
  /** Positive. */
  readonly quantity: Shares;
  /** True when the trade only brings the position nearer to zero. */
  readonly reduceOnly: boolean;
  /** Price the trade was sized at. */
  readonly referencePrice: Money;
}

/** An account before a rebalance. */
export interface Holdings {
  readonly equity: Money;
  readonly cash: Money;
  /** Shares by symbol, none negative. */
  readonly positions: Readonly<Record<string, Shares>>;
  /** Latest price by symbol, for every symbol held or aimed at. */
  readonly prices: Readonly<Record<string, Money>>;
}

/** How a rebalance may trade. */
export interface RebalanceRules extends TradeTerms {
  /**
   * Share of equity kept back, since a market order fills away from its reference price and pays commission. A buffer
   * of b covers fills up to b/2 away: at most all of equity is sold and all of it bought.
   */
  readonly cashBufferFraction: number;
}

/** Why a symbol is traded as it is, or is not. */
export type RebalanceReason =
  | ChangeReason
  /** Bought, but less than wanted, or not at all: there is no more cash. */
  | 'cutToCash';

/** One symbol of a rebalance. */
export interface RebalanceLine extends WeighedSymbol {
  /** Signed: bought where positive, 0 where nothing is traded. */
  readonly change: Shares;
  readonly reason: RebalanceReason;
  /** Spread and commission of the change, or of the one that was left for what it costs. */
  readonly cost: Money;
  /** What that change is worth; absent where the rules do not say how. */
  readonly benefit?: Money;
}

/** What a rebalance does, symbol by symbol, and what it leaves. */
export interface RebalancePlan {
  /** By symbol. */
  readonly lines: readonly RebalanceLine[];
  /** Sells before buys, each by symbol. */
  readonly trades: readonly Trade[];
  /** Of all trades. */
  readonly cost: Money;
  /** Cash once the trades are done at their prices and charged: never negative. */
  readonly leftover: Money;
}

/**
 * How target weights are reached in an opening auction, by the backtest and by the session alike: changes under half a
 * percent of equity are not worth their cost, and cash is kept back because auctions fill away from the last close.
 */
export const openingAuctionRules: RebalanceRules = { noTradeFraction: 0.005, cashBufferFraction: 0.02 };

/** Rules as an account's state leaves them: one that reduces is held back by no band. */
export function rulesUnder(state: BreakerState, rules: RebalanceRules): RebalanceRules {
  if (state === 'active') return rules;
  const { band: _, ...others } = rules;
  return others;
}

/** Trades that bring holdings to target weights, sells before buys: see `planRebalance`. */
export function rebalance(
  targets: Readonly<Record<string, number>>,
  holdings: Holdings,
  rules: RebalanceRules,
): readonly Trade[] {
  return planRebalance(targets, holdings, rules).trades;
}

const costRoundsMax = 12;

/**
 * Trades that bring holdings to target weights, and why: whole lots, positions rounded toward zero. Buys never need more
 * than the cash at hand plus what the sells bring, less the buffer: when they would, all are cut by the same factor.
 * Whoever sends the trades lets the sells fill first, or has a venue that nets them. The one calculation of session,
 * backtest and command line.
 * @param targets weight by symbol, fractions of equity; a symbol held and left out is sold
 * @throws RangeError for a negative equity, weight, position or rule, or a missing or non-positive price
 * @throws Failure COST_RATE_UNKNOWN for a session outside the schedule that charges
 */
export function planRebalance(
  targets: Readonly<Record<string, number>>,
  holdings: Holdings,
  rules: RebalanceRules,
): RebalancePlan {
  checkRules(holdings, rules);
  const { equity, cash } = holdings;
  const asked: Asked = { symbols: weighedSymbols(targets, holdings), cash, rules };
  const first = planAt(equity, asked);
  if (!rules.charges) return first;
  // Weights are of the equity that the costs leave, and the costs follow from the weights: sought until they agree, never
  // from more costs than there are.
  let [best, assumed] = [{ plan: first, missing: Number(first.cost) }, first.cost];
  for (let round = 0; round < costRoundsMax && best.missing > 0; round += 1) {
    const plan = planAt(money(Math.max(0, equity - assumed)), asked);
    const missing = plan.cost - assumed;
    if (missing >= 0 && missing < best.missing) best = { plan, missing };
    assumed = plan.cost;
  }
  return best.plan;
}

/** An account once every trade of a rebalance is done at its price and charged. */
export function holdingsAfter({ positions, prices, equity }: Holdings, plan: RebalancePlan): Holdings {
  const changed = plan.lines.map(({ symbol, held, change }) => [symbol, shares(held + change)] as const);
  return {
    cash: plan.leftover,
    equity: money(equity - plan.cost),
    positions: { ...positions, ...Object.fromEntries(changed) },
    prices,
  };
}

interface Asked {
  readonly symbols: readonly WeighedSymbol[];
  readonly cash: Money;
  readonly rules: RebalanceRules;
}

/** A rebalance of weights that are fractions of so much. */
function planAt(sized: Money, { symbols, cash, rules }: Asked): RebalancePlan {
  const wanted = symbols.map((symbol) => ({ ...symbol, ...wantedChange(symbol, sized, rules) }));
  const proceeds = wanted.reduce(
    (sum, { change, price }) => (change < 0 ? sum + fillOf(price, change, rules).cashChange : sum),
    0,
  );
  const available = Math.max(0, cash + proceeds - rules.cashBufferFraction * sized);
  const bought = boughtOf(wanted, available, { sized, rules });
  const lines = wanted.map(({ change, weighed, reason, ...symbol }): RebalanceLine => {
    const traded = shares(bought.get(symbol.symbol) ?? change);
    const told = change === 0 ? weighed : traded;
    const benefit = benefitOf(symbol, told, { sized, terms: rules });
    return {
      ...symbol,
      change: traded,
      reason: traded < change ? 'cutToCash' : reason,
      cost: costOf(symbol.price, told, rules),
      ...(benefit !== undefined && { benefit }),
    };
  });
  const traded = lines.filter(({ change }) => change !== 0);
  return {
    lines,
    trades: tradesOf(traded),
    cost: sumMoney(traded.map(({ cost }) => cost)),
    leftover: sumMoney([cash, ...traded.map(({ price, change }) => fillOf(price, change, rules).cashChange)]),
  };
}

/** Shares that the cash buys of what is wanted, by symbol. */
function boughtOf(
  wanted: readonly (WeighedSymbol & WantedChange)[],
  available: number,
  { sized, rules }: { readonly sized: Money; readonly rules: RebalanceRules },
): ReadonlyMap<string, number> {
  const lines = wanted.filter(({ change }) => change > 0);
  const buys = lines.map(({ symbol, price, change }): WantedBuy => ({ symbol, price, quantity: change }));
  const cash: CashTerms = {
    available,
    lotShares: rules.lotShares ?? 1,
    outlayOf: ({ price }, quantity) => 0 - fillOf(money(price), quantity, rules).cashChange,
  };
  const lineOf = new Map(buys.map((buy, place) => [buy, lines[place]!]));
  const quantities = rules.charges
    ? buysToLastLot(buys, cash, (buy, quantity) => isWorthItsCost(lineOf.get(buy)!, quantity, { sized, terms: rules }))
    : buysInProportion(buys, cash);
  return new Map(lines.map(({ symbol }, place) => [symbol, quantities[place]!]));
}

function tradesOf(lines: readonly RebalanceLine[]): readonly Trade[] {
  const trades = lines.map(({ symbol, change, price }): Trade => ({
    symbol,
    side: change > 0 ? 'buy' : 'sell',
    quantity: shares(Math.abs(change)),
    reduceOnly: change < 0,
    referencePrice: price,
  }));
  return [...trades.filter(({ side }) => side === 'sell'), ...trades.filter(({ side }) => side === 'buy')];
}

function weighedSymbols(
  targets: Readonly<Record<string, number>>,
  { positions, prices }: Holdings,
): readonly WeighedSymbol[] {
  const symbols = [...new Set([...Object.keys(targets), ...Object.keys(positions)])].sort();
  return symbols.flatMap((symbol): readonly WeighedSymbol[] => {
    const held = positions[symbol] ?? shares(0);
    const price = prices[symbol] ?? money(0);
    const targetFraction = targets[symbol] ?? 0;
    if (held < 0 || !(targetFraction >= 0 && Number.isFinite(targetFraction)))
      throw new RangeError(`${symbol}: long only, weight ${targetFraction}, held ${held}`);
    if (held === 0 && targetFraction === 0) return [];
    if (price <= 0) throw new RangeError(`${symbol} has no price to size at`);
    return [{ symbol, held, price: money(price), targetFraction }];
  });
}

function checkRules({ equity }: Holdings, rules: RebalanceRules): void {
  const { noTradeFraction, cashBufferFraction, lotShares = 1 } = rules;
  if (equity >= 0 && noTradeFraction >= 0 && cashBufferFraction >= 0 && lotShares > 0) return;
  throw new RangeError(`cannot rebalance: equity ${equity}, rules ${JSON.stringify(rules)}`);
}
