import { defaultCostRates } from '#domain/costs.ts';
import { dollars, moneyFromDollars } from '#domain/money.ts';
import { openingAuctionRules } from '#domain/rebalance.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { equalWeights, sizeForecasts, type SizingLimits } from '#domain/sizing.ts';
import type { Forecast } from '#models/forecaster.ts';
import { backtest } from './backtest.ts';
import type { SamplePlace } from './samples.ts';
import type { Snapshot } from './snapshot.ts';
import { stitchWindows } from './walkForward.ts';

/** The model and what stands beside it in every table. */
export type StrategyName = 'network' | 'ridge' | 'equalWeight';

/** Target weight by symbol, fractions of equity; null leaves the holdings as they are. */
export type Targets = Readonly<Record<string, number>> | null;

/** What was decided for one session, at the close of the session before it. */
export interface Decision {
  readonly session: SessionDate;
  readonly decidedAt: SessionDate;
  readonly targets: Readonly<Record<Exclude<StrategyName, 'equalWeight'>, Targets>>;
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
  readonly trades: number;
  /** Traded notional over equity, a session, on average. */
  readonly turnover: number;
  /** Invested part of equity, on average. */
  readonly exposure: number;
  /** Dollars. */
  readonly costs: number;
}

/** How forecasts become positions when a model is judged: the same sizing as live. */
export const judgedLimits: SizingLimits = {
  positionFractionMax: 0.15,
  leverageMax: 1,
  volatilityTargetFraction: 0.15,
  confidenceMin: 0,
};

const cash = moneyFromDollars(100_000);

/** Forecasts of one forecaster with where each was made. */
export interface PlacedForecasts {
  readonly places: readonly SamplePlace[];
  readonly forecasts: readonly Forecast[];
}

/**
 * What is decided from forecasts: what was forecast at a session's close is traded at the next one's open.
 * @param sessions sessions to trade, ascending
 * @param decidedAt session before each of them, same length
 */
export function decide(
  stretch: { readonly sessions: readonly SessionDate[]; readonly decidedAt: readonly SessionDate[] },
  forecasts: { readonly network: PlacedForecasts; readonly ridge: PlacedForecasts },
): readonly Decision[] {
  const network = targetsFrom(forecasts.network);
  const ridge = targetsFrom(forecasts.ridge);
  return stretch.sessions.map((session, index) => {
    const decidedAt = stretch.decidedAt[index]!;
    return { session, decidedAt, targets: { network: network(decidedAt), ridge: ridge(decidedAt) } };
  });
}

/** Target weights by the session they are decided at; one without forecasts leaves the holdings as they are. */
function targetsFrom({ places, forecasts }: PlacedForecasts): (decidedAt: SessionDate) => Targets {
  const bySession = new Map<string, { symbol: string; mean: number; standardDeviation: number }[]>();
  for (const [index, { session, symbol }] of places.entries()) {
    const list = bySession.get(session) ?? [];
    list.push({ symbol, ...forecasts[index]! });
    bySession.set(session, list);
  }
  return (decidedAt) => {
    const list = bySession.get(decidedAt);
    return list ? sizeForecasts(list, judgedLimits) : null;
  };
}

/**
 * Plays decisions as one account a strategy, from cash: the network's, the ridge's, and equal parts bought once.
 * @param decisions ascending, at least one
 */
export function playDecisions({ bars, benchmark }: Snapshot, decisions: readonly Decision[]): JudgedStretch {
  const sessions = decisions.map(({ session }) => session);
  const play = (targetsOf: (decision: Decision) => Targets) => {
    const targets = new Map(decisions.map((decision) => [decision.session, targetsOf(decision) ?? undefined]));
    return backtest({
      bars,
      sessions,
      cash,
      rules: openingAuctionRules,
      rates: defaultCostRates,
      targetsBefore: (session) => targets.get(session),
    });
  };
  const network = play(({ targets }) => targets.network);
  const ridge = play(({ targets }) => targets.ridge);
  const equal = equalWeights(bars.map(({ symbol }) => symbol));
  const equalWeight = play((decision) => (decision === decisions[0] ? equal : null));
  return {
    decisions,
    sessions,
    returns: {
      network: Array.from(network.returns),
      ridge: Array.from(ridge.returns),
      equalWeight: Array.from(equalWeight.returns),
    },
    benchmark: benchmarkReturns(benchmark, decisions),
    trades: network.trades,
    turnover: network.turnover,
    exposure: network.exposure,
    costs: dollars(network.costs),
  };
}

/**
 * The one out-of-sample history of a walk-forward: each window's decisions for its first step of sessions and those of
 * the last window whole, played by one account that passes from window to window.
 * @param sessions ascending, those the windows were laid over
 * @param windows consecutive, oldest first
 * @throws RangeError when windows are not consecutive, or lack a session
 */
export function playStitched(
  snapshot: Snapshot,
  sessions: readonly SessionDate[],
  windows: readonly { readonly index: number; readonly stretch: JudgedStretch }[],
): JudgedStretch {
  const judged = windows.map(({ index, stretch }) => ({
    fold: { index, test: { from: stretch.sessions[0]!, to: stretch.sessions.at(-1)! } },
    rows: stretch.decisions,
  }));
  return playDecisions(snapshot, stitchWindows(sessions, judged));
}

function benchmarkReturns(
  { sessions, close }: Snapshot['benchmark'],
  decisions: readonly Decision[],
): readonly number[] {
  const closeOf = new Map(sessions.map((session, row) => [session, close[row]!]));
  return decisions.map(({ session, decidedAt }) => closeOf.get(session)! / closeOf.get(decidedAt)! - 1);
}
