import type { DailyBars } from '#domain/bars.ts';
import type { CostRates } from '#domain/costs.ts';
import type { Money } from '#domain/money.ts';
import type { RebalanceRules } from '#domain/rebalance.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { layOutMarket, type BarMarket } from './backtest/barMarket.ts';
import { playStrategy, type BacktestResult } from './backtest/playStrategy.ts';
import type { Desk } from './backtest/strategy.ts';
import { targetWeights } from './backtest/targetWeights.ts';
import type { RiskRules } from './backtestGuard.ts';

/** What to play. */
export interface BacktestRequest {
  /** One entry a symbol. */
  readonly bars: readonly DailyBars[];
  /** Sessions to trade, ascending; each is marked at its close. */
  readonly sessions: readonly SessionDate[];
  /**
   * Target weight by symbol, known before the session's open; undefined leaves the holdings as they are. The desk shows
   * the account as it stands.
   */
  readonly targetsBefore: (session: SessionDate, desk: Desk) => Readonly<Record<string, number>> | undefined;
  readonly cash: Money;
  readonly rules: RebalanceRules;
  readonly rates: CostRates;
  /** `credited` pays dividends in cash on their ex-date; absent: returns are those of prices alone. */
  readonly dividends?: 'credited' | 'ignored';
  /** Limits and breaker of the account; absent: it is held by nobody's rules, as somebody who buys and waits. */
  readonly risk?: RiskRules;
}

/**
 * Plays target weights through daily bars with the rules that trade live: what is decided before a session is sized at
 * the closes before it, held against the account's limits, and fills in its opening auction. No order waits for another
 * session. A symbol without a bar is neither traded nor marked anew; one that never prints again stays at its last close.
 * @throws RangeError for a negative target, a breaker that cannot be climbed, or an amount too large to hold exactly
 */
export function backtest({ bars, sessions, dividends = 'ignored', ...played }: BacktestRequest): BacktestResult {
  return playTargets(layOutMarket({ bars, sessions, dividends }), played);
}

/** As `backtest`, in a market that is laid out already. */
export function playTargets(
  market: BarMarket,
  { cash, rates, rules, risk, targetsBefore }: Omit<BacktestRequest, 'bars' | 'sessions' | 'dividends'>,
): BacktestResult {
  return playStrategy({
    market,
    strategy: targetWeights((desk) => targetsBefore(desk.session, desk), rules),
    cash,
    rates,
    ...(risk && { risk }),
  });
}
