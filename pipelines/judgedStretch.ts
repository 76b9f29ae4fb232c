import type { Benchmark } from '#domain/benchmark.ts';
import { dollars, moneyFromDollars } from '#domain/money.ts';
import { openingAuctionRules } from '#domain/rebalance.ts';
import { limitsIn, type VolatilityRegime } from '#domain/regimeLimits.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { equalWeights, sizeForecasts, type SizingLimits } from '#domain/sizing.ts';
import { preTradeLimitsOf, rebalanceRulesOf, type TradingLimits, type TradingTerms } from '#domain/tradingTerms.ts';
import type { Forecast } from '#models/confidence.ts';
import { backtest } from './backtest.ts';
import { layOutMarket } from './backtest/barMarket.ts';
import type { RiskRecord } from './backtest/playStrategy.ts';
import { readVolatilityRegimes } from './regime/volatilityRegime.ts';
import type { SamplePlace } from './samples.ts';
import type { Snapshot } from './snapshot.ts';
import { playedActivity, type PlayedActivity } from './tearSheet/playedActivity.ts';
import { stitchWindows } from './walkForward.ts';

/** Who forecasts: the model, the straight line it must beat, and who knows nothing but the past's mean return. */
export const forecasterNames = ['network', 'ridge', 'naive'] as const;

/** One who forecasts. */
export type ForecasterName = (typeof forecasterNames)[number];

/** Every strategy that is played: the forecasters, on the account's terms, and equal parts bought once and kept. */
export const strategyNames = [...forecasterNames, 'equalWeight'] as const;

/** One strategy that is played. */
export type StrategyName = (typeof strategyNames)[number];

/** On what terms decisions are played. */
export interface PlayTerms {
  /** Those of the session that would trade. */
  readonly trading: TradingTerms;
  /** Whole sessions a halted or reducing account stays so until two people are taken to restart it; null: for good. */
  readonly restartAfterSessions: number | null;
}

/** Target weight by symbol, fractions of equity; null leaves the holdings as they are. */
export type Targets = Readonly<Record<string, number>> | null;

/** What was decided for one session, at the close of the session before it. */
export interface Decision {
  readonly session: SessionDate;
  readonly decidedAt: SessionDate;
  readonly targets: Readonly<Record<ForecasterName, Targets>>;
  /** The market's volatility regime at `decidedAt`; absent where no limit depends on it. */
  readonly regime?: VolatilityRegime | 'unknown';
}

/** Daily results of a stretch of sessions, as they are kept. */
export interface JudgedStretch {
  /** One a session, oldest first. */
  readonly decisions: readonly Decision[];
  readonly sessions: readonly SessionDate[];
  /** Daily returns by strategy, fractions. */
  readonly returns: Readonly<Record<StrategyName, readonly number[]>>;
  /** Of the benchmark's closes, same sessions. */
  readonly benchmark: readonly number[];
  /** Of the network's account, as everything below. */
  readonly trades: number;
  /** Traded notional over equity, a session, on average. */
  readonly turnover: number;
  /** Invested part of equity, on average. */
  readonly exposure: number;
  /** Dollars. */
  readonly costs: number;
  /** Dollars received. */
  readonly dividends: number;
  /** What it did session by session and trade by trade. */
  readonly activity: PlayedActivity;
  /** What limits and breaker did. */
  readonly risk: RiskRecord;
}

/** Forecasts of one forecaster with where each was made. */
export interface PlacedForecasts {
  readonly places: readonly SamplePlace[];
  readonly forecasts: readonly Pick<Forecast, 'mean' | 'standardDeviation'>[];
}

/**
 * What is decided from forecasts: what was forecast at a session's close is traded at the next one's open.
 * @param stretch sessions to trade, ascending, and the session before each of them
 * @param market limits of the account that would trade, and the benchmark whose regime they may depend on
 */
export function decide(
  stretch: { readonly sessions: readonly SessionDate[]; readonly decidedAt: readonly SessionDate[] },
  forecasts: Readonly<Record<ForecasterName, PlacedForecasts>>,
  { limits, benchmark }: { readonly limits: TradingLimits; readonly benchmark: Benchmark },
): readonly Decision[] {
  const network = targetsFrom(forecasts.network);
  const ridge = targetsFrom(forecasts.ridge);
  const naive = targetsFrom(forecasts.naive);
  const regimeAt = limits.regimes ? regimesOf(benchmark) : () => undefined;
  return stretch.sessions.map((session, index) => {
    const decidedAt = stretch.decidedAt[index]!;
    const regime = regimeAt(decidedAt);
    const sized = limitsIn(limits, regime);
    const targets = {
      network: network(decidedAt, sized),
      ridge: ridge(decidedAt, sized),
      naive: naive(decidedAt, sized),
    };
    return { session, decidedAt, targets, ...(regime && { regime }) };
  });
}

/** The regime at each close, as a session would have read it then: no reading changes by what comes later. */
function regimesOf({ sessions, close }: Benchmark): (decidedAt: SessionDate) => VolatilityRegime | 'unknown' {
  const readings = new Map(readVolatilityRegimes(sessions, close).map(({ session, regime }) => [session, regime]));
  return (decidedAt) => readings.get(decidedAt) ?? 'unknown';
}

/** Target weights by the session they are decided at; one without forecasts leaves the holdings as they are. */
function targetsFrom({
  places,
  forecasts,
}: PlacedForecasts): (decidedAt: SessionDate, limits: SizingLimits) => Targets {
  const bySession = new Map<string, { symbol: string; mean: number; standardDeviation: number }[]>();
  for (const [index, { session, symbol }] of places.entries()) {
    const list = bySession.get(session) ?? [];
    list.push({ symbol, ...forecasts[index]! });
    bySession.set(session, list);
  }
  return (decidedAt, limits) => {
    const list = bySession.get(decidedAt);
    return list ? sizeForecasts(list, limits) : null;
  };
}

/**
 * Plays decisions as one account a strategy, from cash. The forecasters' accounts trade on the session's own terms:
 * limits, breaker, costs, dividends credited on their ex-date as the paper exchange does. Equal parts are bought once
 * and kept by nobody's rules: they are what the money could do without us.
 * @param decisions ascending, at least one
 */
export function playDecisions(
  { bars, benchmark }: Snapshot,
  decisions: readonly Decision[],
  { trading, restartAfterSessions }: PlayTerms,
): JudgedStretch {
  const sessions = decisions.map(({ session }) => session);
  const kept = {
    bars,
    sessions,
    cash: moneyFromDollars(trading.cashDollars),
    rates: trading.costs,
    dividends: 'credited',
  } as const;
  const regimes = new Map(decisions.map(({ session, regime }) => [session, regime]));
  const limitsBefore = (session: SessionDate) => preTradeLimitsOf(limitsIn(trading.limits, regimes.get(session)));
  const risk = {
    limits: preTradeLimitsOf(trading.limits),
    limitsBefore,
    breaker: trading.breaker,
    restartAfterSessions,
  };
  const play = (name: ForecasterName) => {
    const targets = new Map(decisions.map((decision) => [decision.session, decision.targets[name] ?? undefined]));
    const rules = rebalanceRulesOf(trading.limits);
    return backtest({ ...kept, rules, risk, targetsBefore: (session) => targets.get(session) });
  };
  const network = play('network');
  const equal = equalWeights(bars.map(({ symbol }) => symbol));
  const equalWeight = backtest({
    ...kept,
    rules: openingAuctionRules,
    targetsBefore: (session) => (session === sessions[0] ? equal : undefined),
  });
  return {
    decisions,
    sessions,
    returns: {
      network: Array.from(network.returns),
      ridge: Array.from(play('ridge').returns),
      naive: Array.from(play('naive').returns),
      equalWeight: Array.from(equalWeight.returns),
    },
    benchmark: benchmarkReturns(benchmark, decisions),
    trades: network.trades,
    turnover: network.turnover,
    exposure: network.exposure,
    costs: dollars(network.costs),
    dividends: dollars(network.dividends),
    activity: playedActivity(network, layOutMarket({ bars, sessions, dividends: 'credited' })),
    risk: network.risk,
  };
}

/** Windows of a walk-forward over the sessions they were laid over. */
export interface JudgedWindows {
  /** Ascending. */
  readonly sessions: readonly SessionDate[];
  /** Consecutive, oldest first. */
  readonly windows: readonly { readonly index: number; readonly stretch: JudgedStretch }[];
}

/**
 * The one out-of-sample history of a walk-forward: each window's decisions for its first step of sessions and those of
 * the last window whole, played by one account that passes from window to window.
 * @throws RangeError when windows are not consecutive, or lack a session
 */
export function playStitched(
  snapshot: Snapshot,
  { sessions, windows }: JudgedWindows,
  terms: PlayTerms,
): JudgedStretch {
  const judged = windows.map(({ index, stretch }) => ({
    fold: { index, test: { from: stretch.sessions[0]!, to: stretch.sessions.at(-1)! } },
    rows: stretch.decisions,
  }));
  return playDecisions(snapshot, stitchWindows(sessions, judged), terms);
}

function benchmarkReturns(
  { sessions, close }: Snapshot['benchmark'],
  decisions: readonly Decision[],
): readonly number[] {
  const closeOf = new Map(sessions.map((session, row) => [session, close[row]!]));
  return decisions.map(({ session, decidedAt }) => closeOf.get(session)! / closeOf.get(decidedAt)! - 1);
}
