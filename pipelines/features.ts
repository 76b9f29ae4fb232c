import type { DailyBars } from '#domain/bars.ts';
import type { Benchmark } from '#domain/benchmark.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { digestOf } from '#domain/sha256.ts';
import { adjustedPrices } from './adjustment.ts';
import type { BarTable, FeatureField } from './features/barFields.ts';
import { computeFeaturePlan } from './features/computeFeaturePlan.ts';
import { compileFeatures, type FeaturePlan } from './features/featurePlan.ts';
import type { FeatureSpec } from './features/featureSpec.ts';
import type { FeatureTable } from './featureTable.ts';
import { unionOfSessions } from './sessionSpan.ts';

/** Raise this whenever a value of any feature changes for the same bars: cached features and digests then differ. */
export const featureCodeVersion = 3;

/** The feature set used unless a model declares its own; each is free of the price's scale. */
export const defaultFeatureSpec: FeatureSpec = {
  features: [
    { name: 'return1', indicator: 'return', parameters: { sessions: 1 } },
    { name: 'return5', indicator: 'return', parameters: { sessions: 5 } },
    { name: 'return20', indicator: 'return', parameters: { sessions: 20 } },
    { name: 'averageDistance50', indicator: 'averageDistance', parameters: { period: 50 } },
    { name: 'rsi14', indicator: 'relativeStrengthIndex', parameters: { period: 14 } },
    { name: 'macdHistogram', indicator: 'convergenceHistogram', parameters: { fast: 12, slow: 26, signal: 9 } },
    { name: 'atr14', indicator: 'averageTrueRange', parameters: { period: 14 } },
    { name: 'bandPosition20', indicator: 'bandPosition', parameters: { period: 20, deviations: 2 } },
    { name: 'stochastic14', indicator: 'stochastic', parameters: { fastK: 14, slowK: 3, slowD: 3 } },
    { name: 'adx14', indicator: 'directionalIndex', parameters: { period: 14 } },
    { name: 'cci20', indicator: 'channelIndex', parameters: { period: 20 } },
    { name: 'mfi14', indicator: 'moneyFlowIndex', parameters: { period: 14 } },
    { name: 'volumeTrend20', indicator: 'volumeTrend', parameters: { period: 20 } },
    { name: 'volatility20', indicator: 'volatility', parameters: { period: 20 } },
    { name: 'benchmarkReturn5', indicator: 'benchmarkReturn', parameters: { sessions: 5 } },
    { name: 'relativeReturn20', indicator: 'relativeReturn', parameters: { sessions: 20 } },
  ],
};

/** What features are computed from. */
export interface FeatureRequest {
  /** One entry a symbol, as the data contract leaves them. */
  readonly bars: readonly DailyBars[];
  readonly benchmark: Pick<Benchmark, 'sessions' | 'close'>;
  readonly spec: FeatureSpec;
}

/**
 * Computes a feature set for each symbol on its own sessions, from prices adjusted for splits and dividends. The value
 * at a session uses data up to that session's close only.
 * @throws Failure FEATURE_SPEC_INVALID as `checkFeatureSpec` says
 */
export function computeFeatures({ bars, benchmark, spec }: FeatureRequest): FeatureTable {
  const plan = dailyPlan(spec);
  const sorted = bars.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const sessions = unionOfSessions(sorted);
  const place = new Map(sessions.map((session, index) => [session, index]));
  const benchmarkClose = new Map(benchmark.sessions.map((session, row) => [session, benchmark.close[row]!]));
  const width = plan.columns.length;
  const values = new Float64Array(sorted.length * sessions.length * width).fill(Number.NaN);
  for (const [symbolIndex, symbolBars] of sorted.entries()) {
    const columns = computeFeaturePlan(plan, { bars: dailyTable(symbolBars, benchmarkClose) });
    for (const [feature, column] of columns.entries()) {
      for (const [row, session] of symbolBars.sessions.entries()) {
        values[(symbolIndex * sessions.length + place.get(session)!) * width + feature] = column[row]!;
      }
    }
  }
  return {
    symbols: sorted.map(({ symbol }) => symbol),
    sessions,
    names: plan.columns.map(({ name }) => name),
    values,
  };
}

/** Identity of computed features: the same snapshot, feature set and code give the same digest. */
export function featureDigest(snapshotDigest: Digest, spec: FeatureSpec): Digest {
  return digestOf({ snapshotDigest, spec, featureCodeVersion });
}

/**
 * Refuses a feature set that a model cannot read: one that does not compile, or needs more than daily bars.
 * @throws Failure FEATURE_SPEC_INVALID naming the feature and what it may say
 */
export function checkFeatureSpec(spec: FeatureSpec): void {
  dailyPlan(spec);
}

const dailyFields: readonly FeatureField[] = ['open', 'high', 'low', 'close', 'volume', 'benchmark'];

function dailyPlan(spec: FeatureSpec): FeaturePlan {
  const plan = compileFeatures(spec);
  const further = [
    ...plan.fields.filter((field) => !dailyFields.includes(field)),
    ...plan.observations,
    ...(plan.timeframe === '1d' ? [] : [`bars of ${plan.timeframe}`]),
  ];
  if (further.length === 0) return plan;
  const reason = `models read daily bars, which have no ${further.join(', ')}`;
  throw new Failure('FEATURE_SPEC_INVALID', reason, { reason });
}

function dailyTable(bars: DailyBars, benchmarkClose: ReadonlyMap<SessionDate, number>): BarTable {
  // Only the order of days counts where there are no other bars.
  const atMs = Float64Array.from(bars.sessions, (session) => Date.parse(session));
  const benchmark = Float64Array.from(bars.sessions, (session) => benchmarkClose.get(session) ?? Number.NaN);
  return { startMs: atMs, endMs: atMs, columns: { ...adjustedPrices(bars), benchmark } };
}
