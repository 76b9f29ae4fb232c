import type { BreakerState } from './breaker.ts';
import { rebalance, rulesUnder, type Holdings, type RebalanceRules, type Trade } from './rebalance.ts';
import { targetsUnder } from './sizing.ts';

/** What brings an account to its targets. */
export interface TradesToTargets {
  /** Sells before buys, each by symbol. */
  readonly trades: readonly Trade[];
  /** Symbols aimed at that have never printed a price: they cannot be sized, and wait. */
  readonly unpriced: readonly string[];
}

/**
 * Trades that bring an account to its targets before a session's open, by its trading state: the one calculation of
 * session and backtest. A symbol without a price is left out and told; the others are traded all the same, since what is
 * to be sold must not wait for one that is to be bought.
 * @param targets weight by symbol, fractions of equity; a symbol held and left out is sold
 * @throws RangeError as `planRebalance`, and for a symbol that is held and has no price
 */
export function tradesToTargets(
  targets: Readonly<Record<string, number>>,
  { state, ...holdings }: Holdings & { readonly state: BreakerState },
  rules: RebalanceRules,
): TradesToTargets {
  const aimed = Object.entries(targetsUnder(state, targets));
  const isUnpriced = (symbol: string): boolean =>
    holdings.prices[symbol] === undefined && holdings.positions[symbol] === undefined;
  const sized = Object.fromEntries(aimed.filter(([symbol]) => !isUnpriced(symbol)));
  return {
    trades: rebalance(sized, holdings, rulesUnder(state, rules)),
    unpriced: aimed.flatMap(([symbol, weight]) => (weight > 0 && isUnpriced(symbol) ? [symbol] : [])).sort(),
  };
}
