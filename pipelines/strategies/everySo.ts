import { openingAuctionRules } from '#domain/rebalance.ts';
import type { Desk, Strategy } from '../backtest/strategy.ts';
import { targetWeights, type TargetWeights } from '../backtest/targetWeights.ts';

/**
 * Target weights asked for every so many sessions, before the open, and traded as a session trades them. Until the first
 * ones are known it is asked before every open.
 */
export function weightsEvery(sessions: number, weightsOf: (desk: Desk) => TargetWeights | undefined): Strategy {
  let since = Number.POSITIVE_INFINITY;
  return targetWeights((desk) => {
    since += 1;
    if (since < sessions) return undefined;
    const weights = weightsOf(desk);
    if (weights !== undefined) since = 0;
    return weights;
  }, openingAuctionRules);
}

/** Places of the symbols that have a bar in the newest session and so many before it. */
export function symbolsWithBars({ symbols, history }: Desk, bars: number): readonly number[] {
  return [...symbols.keys()].filter((symbol) => history.printed(symbol) && history.count(symbol) > bars);
}

/** The same weight for each of some symbols. */
export function equalParts({ symbols }: Desk, chosen: readonly number[]): TargetWeights {
  return Object.fromEntries(chosen.map((symbol) => [symbols[symbol]!, 1 / chosen.length]));
}
