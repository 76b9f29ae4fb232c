import type { DailyBars } from '#domain/bars.ts';
import type { Benchmark } from '#domain/benchmark.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { digestOf } from '#domain/sha256.ts';
import { adjustedPrices } from './adjustment.ts';
import { featureIndicators, type FeatureIndicator, type FeatureParameters } from './featureIndicators.ts';
import type { FeatureTable } from './featureTable.ts';
import { multipleMax, periodMax } from './indicators/indicator.ts';
import { unionOfSessions } from './sessionSpan.ts';

/** One feature: its name in tables, the kind of indicator, and the indicator's parameters. */
export interface FeatureDefinition {
  readonly name: string;
  /** A key of `featureIndicators`. */
  readonly indicator: string;
  readonly parameters: FeatureParameters;
}

/** A declared feature set: plain JSON, in the order of the table's last axis. */
export interface FeatureSpec {
  readonly features: readonly FeatureDefinition[];
}

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
  checkFeatureSpec(spec);
  const sorted = bars.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const sessions = unionOfSessions(sorted);
  const place = new Map(sessions.map((session, index) => [session, index]));
  const benchmarkClose = new Map(benchmark.sessions.map((session, row) => [session, benchmark.close[row]!]));
  const width = spec.features.length;
  const values = new Float64Array(sorted.length * sessions.length * width).fill(Number.NaN);
  for (const [symbolIndex, symbolBars] of sorted.entries()) {
    const inputs = {
      ...adjustedPrices(symbolBars),
      benchmark: Float64Array.from(symbolBars.sessions, (session) => benchmarkClose.get(session) ?? Number.NaN),
    };
    for (const [feature, definition] of spec.features.entries()) {
      const column = indicatorOf(definition).compute(inputs, definition.parameters);
      for (const [row, session] of symbolBars.sessions.entries()) {
        values[(symbolIndex * sessions.length + place.get(session)!) * width + feature] = column[row]!;
      }
    }
  }
  return {
    symbols: sorted.map(({ symbol }) => symbol),
    sessions,
    names: spec.features.map(({ name }) => name),
    values,
  };
}

/** Identity of computed features: the same snapshot, feature set and code give the same digest. */
export function featureDigest(snapshotDigest: Digest, spec: FeatureSpec): Digest {
  return digestOf({ snapshotDigest, spec, featureCodeVersion });
}

/**
 * Refuses a feature set that is empty, repeats a name, or names an indicator or parameter that does not exist.
 * @throws Failure FEATURE_SPEC_INVALID naming the feature and what it may say
 */
export function checkFeatureSpec(spec: FeatureSpec): void {
  if (spec.features.length === 0) throw invalid('(none)', 'a feature set needs a feature');
  const names = new Set<string>();
  for (const definition of spec.features) {
    const { name } = definition;
    if (!/^[A-Za-z]\w*$/.test(name) || name === 'symbol' || name === 'session') {
      throw invalid(name, 'a name is letters, digits and underscores, and neither symbol nor session');
    }
    if (names.has(name)) throw invalid(name, 'the name is taken by an earlier feature');
    names.add(name);
    checkParameters(definition);
  }
}

function checkParameters(definition: FeatureDefinition): void {
  const { parameters: known } = indicatorOf(definition);
  for (const name of Object.keys(definition.parameters)) {
    if (!Object.hasOwn(known, name)) {
      throw invalid(definition.name, `${definition.indicator} takes ${Object.keys(known).join(', ')}, not ${name}`);
    }
  }
  for (const [name, bound] of Object.entries(known)) {
    const value = definition.parameters[name];
    const fits =
      bound === 'multiple'
        ? value !== undefined && value > 0 && value <= multipleMax
        : Number.isSafeInteger(value) && value! >= bound && value! <= periodMax;
    const wanted =
      bound === 'multiple'
        ? `a number over 0, ${multipleMax} at most`
        : `a whole number of sessions from ${bound} to ${periodMax}`;
    if (!fits) throw invalid(definition.name, `${name} must be ${wanted}, not ${value}`);
  }
  const { fast, slow } = definition.parameters;
  if (fast !== undefined && slow !== undefined && slow <= fast)
    throw invalid(definition.name, 'slow must be over fast');
}

function indicatorOf({ name, indicator }: FeatureDefinition): FeatureIndicator {
  const found = Object.hasOwn(featureIndicators, indicator) ? featureIndicators[indicator] : undefined;
  if (!found) throw invalid(name, `no indicator ${indicator}; there are ${Object.keys(featureIndicators).join(', ')}`);
  return found;
}

function invalid(feature: string, reason: string): Failure {
  return new Failure('FEATURE_SPEC_INVALID', `feature ${feature}: ${reason}`, { feature, reason });
}
