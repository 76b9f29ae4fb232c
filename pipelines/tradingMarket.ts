import type { DailyBars } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { StockMarket } from '#models/environment/stockMarket.ts';
import type { FeatureTable } from './featureTable.ts';
import { quantile } from './metrics.ts';
import { fitScaler, scaleFeatures, type Scaler } from './scaling.ts';
import { rowsOfSpan, type SessionSpan } from './sessionSpan.ts';
import { turbulenceOf } from './turbulence.ts';

/** What markets are made of: features and bars of the same symbols, and forecasts where an agent is to see some. */
export interface MarketSource {
  readonly features: FeatureTable;
  readonly bars: readonly DailyBars[];
  /** Shape [symbols, sessions] of the features; NaN where there is none. */
  readonly predictions?: Float64Array;
}

/** How markets are cut. */
export interface MarketCut {
  /** Last part of the span's sessions, which only scores; a fraction in (0, 1). */
  readonly validationFraction: number;
  /** Part of the training sessions that counts as calm; null: turbulence is not looked at. */
  readonly turbulenceQuantile: number | null;
  /** Sessions that an episode of the training must find; null: whatever there is. */
  readonly episodeSessions: number | null;
}

/** Two markets, one after the other in time, with what was fitted on the first alone. */
export interface PreparedMarkets {
  readonly symbols: readonly string[];
  readonly scaler: Scaler;
  readonly training: StockMarket;
  readonly validation: StockMarket;
  readonly validationSessions: readonly SessionDate[];
  readonly turbulenceThreshold: number | null;
}

/**
 * The markets an agent trains in and is scored in: closes adjusted for splits and dividends, and scaled features, of the
 * sessions on which every symbol has all of them.
 * @param span sessions an agent may know anything of
 * @throws Failure TRAINING_DATA_EMPTY when a part has fewer than two such sessions; SESSIONS_INSUFFICIENT when the training
 *   part is shorter than an episode; FEATURES_INSUFFICIENT as `fitScaler`
 */
export function prepareMarkets(source: MarketSource, span: SessionSpan, cut: MarketCut): PreparedMarkets {
  const { features } = source;
  const known = features.sessions.filter((session) => session >= span.from && session <= span.to);
  const count = Math.max(1, Math.floor(known.length * (1 - cut.validationFraction)));
  const [trainingSpan, validationSpan] = [
    { from: known[0]!, to: known[count - 1]! },
    { from: known[count] ?? known[count - 1]!, to: known.at(-1)! },
  ];
  const scaler = fitScaler(features, trainingSpan);
  const table = { ...source, features: scaleFeatures(scaler, features) };
  // What came before the span is known too: turbulence looks back a year.
  const whole = completeSessions(table, { from: features.sessions[0]!, to: known.at(-1)! });
  const turbulence = cut.turbulenceQuantile === null ? undefined : turbulenceOf(whole.prices, features.symbols.length);
  const parts = [trainingSpan, validationSpan].map((part) => marketOf(table, whole, { part, turbulence }));
  const [training, validation] = parts;
  if (!training || !validation || parts.some(({ market }) => market.sessions < 2)) {
    const counts = { training: training?.market.sessions ?? 0, validation: validation?.market.sessions ?? 0 };
    const message = 'an agent needs two sessions in either part on which every symbol has a bar and every feature';
    throw new Failure('TRAINING_DATA_EMPTY', message, counts);
  }
  requireEpisode(training.market, cut);
  return {
    symbols: features.symbols,
    scaler,
    training: training.market,
    validation: validation.market,
    validationSessions: validation.sessions,
    turbulenceThreshold: thresholdOf(training.market, cut.turbulenceQuantile),
  };
}

function requireEpisode({ sessions: present }: StockMarket, { episodeSessions: needed }: MarketCut): void {
  if (needed === null || needed <= present) return;
  const message = `an episode of ${needed} sessions does not fit into a training part of ${present}`;
  throw new Failure('SESSIONS_INSUFFICIENT', message, { needed, present });
}

/** Turbulence that a part of the sessions stays under; null where none is looked at, or none was measured yet. */
function thresholdOf({ turbulence }: StockMarket, fraction: number | null): number | null {
  if (!turbulence || fraction === null) return null;
  const sorted = [...turbulence].sort((a, b) => a - b);
  const threshold = quantile(sorted, fraction);
  return threshold > 0 ? threshold : null;
}

/** Sessions of a span on which nothing is missing. */
export interface CompleteSessions {
  /** Rows of the feature table. */
  readonly rows: readonly number[];
  /** Shape [rows, symbols]. */
  readonly prices: Float64Array;
}

/** The sessions of a span on which every symbol has a bar, every feature, and a forecast where there are some. */
export function completeSessions({ features, bars, predictions }: MarketSource, span: SessionSpan): CompleteSessions {
  const { symbols, sessions, names, values } = features;
  const closes = symbols.map((symbol) => {
    const own = bars.find((one) => one.symbol === symbol);
    return new Map(own?.sessions.map((session, row) => [session, own.adjustedClose[row]!]));
  });
  const { first, end } = rowsOfSpan(sessions, span);
  const isWhole = (row: number): boolean =>
    symbols.every((_, symbol) => {
      const start = (symbol * sessions.length + row) * names.length;
      const hasForecast = !predictions || Number.isFinite(predictions[symbol * sessions.length + row]);
      return (
        hasForecast &&
        closes[symbol]!.has(sessions[row]!) &&
        values.subarray(start, start + names.length).every(Number.isFinite)
      );
    });
  const rows = Array.from({ length: end - first }, (_, index) => first + index).filter(isWhole);
  const prices = Float64Array.from(
    rows.flatMap((row) => symbols.map((_, symbol) => closes[symbol]!.get(sessions[row]!)!)),
  );
  return { rows, prices };
}

/** The market of a part of complete sessions. @param table with features as they are seen, scaled */
export function marketOf(
  { features, predictions }: MarketSource,
  { rows, prices }: CompleteSessions,
  { part, turbulence }: { readonly part: SessionSpan; readonly turbulence: Float64Array | undefined },
): { readonly market: StockMarket; readonly sessions: readonly SessionDate[] } {
  const { symbols, sessions, names, values } = features;
  const own = [...rows.entries()].filter(([, row]) => sessions[row]! >= part.from && sessions[row]! <= part.to);
  const width = symbols.length;
  const [first = 0] = own[0] ?? [];
  const cells = <Value>(of: (symbol: number, row: number) => Value): readonly Value[] =>
    own.flatMap(([, row]) => symbols.map((_, symbol) => of(symbol, row)));
  const indicators = own.flatMap(([, row]) =>
    names.flatMap((_, name) =>
      symbols.map((__, symbol) => values[(symbol * sessions.length + row) * names.length + name]!),
    ),
  );
  return {
    sessions: own.map(([, row]) => sessions[row]!),
    market: {
      sessions: own.length,
      stocks: width,
      prices: prices.slice(first * width, (first + own.length) * width),
      indicators: Float64Array.from(indicators),
      ...(predictions && {
        predictions: Float64Array.from(cells((symbol, row) => predictions[symbol * sessions.length + row]!)),
      }),
      ...(turbulence && { turbulence: turbulence.slice(first, first + own.length) }),
    },
  };
}
