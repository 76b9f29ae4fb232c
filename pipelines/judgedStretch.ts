import type { Benchmark } from '#domain/benchmark.ts';
import { dollars, moneyFromDollars } from '#domain/money.ts';
import { openingAuctionRules } from '#domain/rebalance.ts';
import { limitsIn, type VolatilityRegime } from '#domain/regimeLimits.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { equalWeights } from '#domain/sizing.ts';
import { preTradeLimitsOf, rebalanceRulesOf, type TradingTerms } from '#domain/tradingTerms.ts';
import { playTargets } from './backtest.ts';
import { layOutMarket } from './backtest/barMarket.ts';
import type { BacktestResult, RiskRecord } from './backtest/playStrategy.ts';
import type { Desk } from './backtest/strategy.ts';
import { recordedDecider, type Decider, type DecidingAccount, type Targets } from './decider.ts';
import { readVolatilityRegimes } from './regime/volatilityRegime.ts';
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

/** Sessions to trade, and the session before each of them, at whose close its targets are decided. */
export interface TradedSessions {
  /** Ascending, at least one. */
  readonly sessions: readonly SessionDate[];
  readonly decidedAt: readonly SessionDate[];
}

/**
 * Plays who decides as one account each, from cash. The deciders' accounts trade on the session's own terms: limits,
 * breaker, costs, dividends credited on their ex-date as the paper exchange does. Equal parts are bought once and kept by
 * nobody's rules: they are what the money could do without us.
 */
export function playDeciders(
  { bars, benchmark }: Snapshot,
  { sessions, decidedAt, deciders }: TradedSessions & { readonly deciders: Readonly<Record<ForecasterName, Decider>> },
  { trading, restartAfterSessions }: PlayTerms,
): JudgedStretch {
  const market = layOutMarket({ bars, sessions, dividends: 'credited' });
  const kept = { cash: moneyFromDollars(trading.cashDollars), rates: trading.costs };
  const regimeAt = trading.limits.regimes ? regimesOf(benchmark) : () => undefined;
  const moments = new Map(
    sessions.map((session, index) => [session, { decidedAt: decidedAt[index]!, regime: regimeAt(decidedAt[index]!) }]),
  );
  const limitsBefore = (session: SessionDate) => limitsIn(trading.limits, moments.get(session)!.regime);
  const risk = {
    limits: preTradeLimitsOf(trading.limits),
    limitsBefore: (session: SessionDate) => preTradeLimitsOf(limitsBefore(session)),
    breaker: trading.breaker,
    restartAfterSessions,
  };
  const play = (name: ForecasterName) => {
    const targets = new Map<SessionDate, Targets>();
    const result = playTargets(market, {
      ...kept,
      rules: rebalanceRulesOf(trading.limits),
      risk,
      targetsBefore(session, desk) {
        const { decidedAt: at } = moments.get(session)!;
        const decided = deciders[name].targetsAt(at, decidingAccount(desk), limitsBefore(session));
        targets.set(session, decided?.targets ?? null);
        return decided?.targets;
      },
    });
    return { result, targets };
  };
  const played = { network: play('network'), ridge: play('ridge'), naive: play('naive') };
  const equal = equalWeights(bars.map(({ symbol }) => symbol));
  const equalWeight = playTargets(market, {
    ...kept,
    rules: openingAuctionRules,
    targetsBefore: (session) => (session === sessions[0] ? equal : undefined),
  });
  const decisions = sessions.map((session): Decision => {
    const { decidedAt: at, regime } = moments.get(session)!;
    const targetsOf = (name: ForecasterName): Targets => played[name].targets.get(session) ?? null;
    const targets = { network: targetsOf('network'), ridge: targetsOf('ridge'), naive: targetsOf('naive') };
    return { session, decidedAt: at, targets, ...(regime && { regime }) };
  });
  const network = played.network.result;
  return {
    decisions,
    sessions,
    returns: {
      network: Array.from(network.returns),
      ridge: Array.from(played.ridge.result.returns),
      naive: Array.from(played.naive.result.returns),
      equalWeight: Array.from(equalWeight.returns),
    },
    benchmark: benchmarkReturns(benchmark, decisions),
    ...ownFigures(network),
    activity: playedActivity(network, market),
  };
}

/** What the candidate's account did, in sum. */
function ownFigures(
  played: BacktestResult,
): Pick<JudgedStretch, 'trades' | 'turnover' | 'exposure' | 'costs' | 'dividends' | 'risk'> {
  const { trades, turnover, exposure, risk } = played;
  return { trades, turnover, exposure, costs: dollars(played.costs), dividends: dollars(played.dividends), risk };
}

/** Plays decisions that were made, as `playDeciders` plays who makes them. @param decisions ascending, at least one */
export function playDecisions(snapshot: Snapshot, decisions: readonly Decision[], terms: PlayTerms): JudgedStretch {
  return playDeciders(snapshot, { ...tradedSessions(decisions), deciders: recordedDeciders(decisions) }, terms);
}

function tradedSessions(decisions: readonly Decision[]): TradedSessions {
  return {
    sessions: decisions.map(({ session }) => session),
    decidedAt: decisions.map(({ decidedAt }) => decidedAt),
  };
}

function recordedDeciders(decisions: readonly Decision[]): Readonly<Record<ForecasterName, Decider>> {
  const recorded = (name: ForecasterName): Decider =>
    recordedDecider(new Map(decisions.map(({ decidedAt, targets }) => [decidedAt, targets[name]])));
  return { network: recorded('network'), ridge: recorded('ridge'), naive: recorded('naive') };
}

/** The account of a desk before the open. */
function decidingAccount(desk: Desk): DecidingAccount {
  const places = desk.symbols.map((symbol, place) => [symbol, place] as const);
  return {
    cash: dollars(desk.cash),
    equity: dollars(desk.equity),
    shares: Object.fromEntries(places.map(([symbol, place]) => [symbol, desk.held(place)])),
    prices: Object.fromEntries(
      places.flatMap(([symbol, place]) => {
        const last = desk.lastClose(place);
        return last === undefined ? [] : [[symbol, dollars(last)]];
      }),
    ),
  };
}

/** The regime at each close, as a session would have read it then: no reading changes by what comes later. */
function regimesOf({ sessions, close }: Benchmark): (decidedAt: SessionDate) => VolatilityRegime | 'unknown' {
  const readings = new Map(readVolatilityRegimes(sessions, close).map(({ session, regime }) => [session, regime]));
  return (decidedAt) => readings.get(decidedAt) ?? 'unknown';
}

/** Windows of a walk-forward over the sessions they were laid over. */
export interface JudgedWindows {
  /** Ascending. */
  readonly sessions: readonly SessionDate[];
  /** Consecutive, oldest first. */
  readonly windows: readonly {
    readonly index: number;
    readonly stretch: JudgedStretch;
    /** Decides anew what hangs on the account's state; absent: what was decided in the window stands. */
    readonly candidate?: Decider;
  }[];
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
  const judged = windows.map(({ index, stretch, candidate }) => ({
    fold: { index, test: { from: stretch.sessions[0]!, to: stretch.sessions.at(-1)! } },
    rows: stretch.decisions.map((decision) => ({ ...decision, candidate })),
  }));
  const rows = stitchWindows(sessions, judged);
  const { network: recorded, ...others } = recordedDeciders(rows);
  const candidates = new Map(rows.map(({ decidedAt, candidate }) => [decidedAt, candidate ?? recorded]));
  const network: Decider = {
    targetsAt: (decidedAt, account, limits) => candidates.get(decidedAt)!.targetsAt(decidedAt, account, limits),
  };
  return playDeciders(snapshot, { ...tradedSessions(rows), deciders: { network, ...others } }, terms);
}

function benchmarkReturns(
  { sessions, close }: Snapshot['benchmark'],
  decisions: readonly Decision[],
): readonly number[] {
  const closeOf = new Map(sessions.map((session, row) => [session, close[row]!]));
  return decisions.map(({ session, decidedAt }) => closeOf.get(session)! / closeOf.get(decidedAt)! - 1);
}
