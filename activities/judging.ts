import { dollars, moneyFromDollars } from '#domain/money.ts';
import { defaultCostRates } from '#domain/costs.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { equalWeights, sizeForecasts, type SizingLimits } from '#domain/sizing.ts';
import type { Forecast } from '#models/forecaster.ts';
import { backtest } from '#pipelines/backtest.ts';
import type { SamplePlace } from '#pipelines/samples.ts';
import type { SnapshotContents } from './modelData.ts';

/** Daily results of one stretch of sessions, as they are kept and stitched. */
export interface JudgedStretch {
  readonly sessions: readonly SessionDate[];
  /** Daily returns by strategy, fractions. */
  readonly returns: Readonly<Record<StrategyName, readonly number[]>>;
  /** Of the benchmark's closes, same sessions. */
  readonly benchmark: readonly number[];
  readonly trades: number;
  readonly turnover: number;
  readonly exposure: number;
  /** Dollars. */
  readonly costs: number;
}

/** The model and what stands beside it in every table. */
export type StrategyName = 'network' | 'ridge' | 'equalWeight';

/** How forecasts become positions when a model is judged: the same sizing as live. */
export const judgedLimits: SizingLimits = {
  positionFractionMax: 0.15,
  leverageMax: 1,
  volatilityTargetFraction: 0.15,
  confidenceMin: 0,
};

const cash = moneyFromDollars(100_000);
const rules = { noTradeFraction: 0.005, cashBufferFraction: 0.02 };

/** Forecasts of one forecaster with where each was made. */
export interface PlacedForecasts {
  readonly places: readonly SamplePlace[];
  readonly forecasts: readonly Forecast[];
}

/**
 * Trades forecasts through sessions: what was forecast at a session's close is traded at the next session's open.
 * @param sessions sessions to trade, ascending
 * @param decisions session before each of them, same length
 */
export function judgeStretch(
  { bars, benchmark }: SnapshotContents,
  stretch: { readonly sessions: readonly SessionDate[]; readonly decisions: readonly SessionDate[] },
  forecasts: { readonly network: PlacedForecasts; readonly ridge: PlacedForecasts },
): JudgedStretch {
  const { sessions, decisions } = stretch;
  const decisionOf = new Map(sessions.map((session, index) => [session, decisions[index]!]));
  const play = (targetsAt: (decision: SessionDate) => Readonly<Record<string, number>> | undefined) =>
    backtest({
      bars,
      sessions,
      cash,
      rules,
      rates: defaultCostRates,
      targetsBefore: (session) => targetsAt(decisionOf.get(session)!),
    });
  const network = play(targetsFrom(forecasts.network));
  const ridge = play(targetsFrom(forecasts.ridge));
  const equal = equalWeights(bars.map(({ symbol }) => symbol));
  const equalWeight = play((decision) => (decision === decisions[0] ? equal : undefined));
  return {
    sessions,
    returns: {
      network: Array.from(network.returns),
      ridge: Array.from(ridge.returns),
      equalWeight: Array.from(equalWeight.returns),
    },
    benchmark: benchmarkReturns(benchmark, stretch),
    trades: network.trades,
    turnover: network.turnover,
    exposure: network.exposure,
    costs: dollars(network.costs),
  };
}

/** Target weights by decision session; a session without forecasts leaves the holdings as they are. */
function targetsFrom({ places, forecasts }: PlacedForecasts) {
  const bySession = new Map<string, { symbol: string; mean: number; standardDeviation: number }[]>();
  for (const [index, { session, symbol }] of places.entries()) {
    const list = bySession.get(session) ?? [];
    list.push({ symbol, ...forecasts[index]! });
    bySession.set(session, list);
  }
  return (decision: SessionDate): Readonly<Record<string, number>> | undefined => {
    const list = bySession.get(decision);
    return list && sizeForecasts(list, judgedLimits);
  };
}

function benchmarkReturns(
  { sessions, close }: SnapshotContents['benchmark'],
  stretch: { readonly sessions: readonly SessionDate[]; readonly decisions: readonly SessionDate[] },
): readonly number[] {
  const closeOf = new Map(sessions.map((session, row) => [session, close[row]!]));
  return stretch.sessions.map((session, index) => closeOf.get(session)! / closeOf.get(stretch.decisions[index]!)! - 1);
}
