import { verifyArtifact } from '#domain/artifact.ts';
import type { ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { Forecast } from '#models/confidence.ts';
import { loadForecaster } from '#models/forecaster.ts';
import type { OnnxOptions } from '#models/onnx/onnxSession.ts';
import type { FeatureTable } from '#pipelines/featureTable.ts';
import { buildWindows, type SamplePlace } from '#pipelines/samples.ts';
import { scaleFeatures, type Scaler } from '#pipelines/scaling.ts';
import { requireForecaster, type StoredArtifact } from './exportModel.ts';
import { artifactJson } from './artifactJson.ts';

/** Features of symbols by session, rows in any order. */
export interface FeatureRows {
  readonly symbols: readonly string[];
  readonly sessions: readonly SessionDate[];
  readonly names: readonly string[];
  /** Shape [names][rows]; NaN is absent. */
  readonly columns: readonly Float64Array[];
}

/** Forecasts of every row whose window is complete: symbol, session, then the forecast's figures, as fractions. */
export interface BatchForecasts {
  readonly table: ColumnTable;
  /** Rows with a forecast; the others lack a feature, or sessions before them. */
  readonly forecasts: number;
  readonly windowSessions: number;
}

/**
 * Forecasts a table of features by an artifact, as the same model forecasts a session: its scaler, its windows, its
 * calibration. The model computes in this process.
 * @throws Failure FEATURE_COLUMNS_WRONG naming columns that are missing, strange or in another place, or rows that stand
 *   twice; MODEL_FORM_MISSING for what is no forecaster; ARTIFACT_DIGEST_MISMATCH, ARTIFACT_UNREADABLE,
 *   FORECAST_NOT_FINITE, ONNX_PROVIDER_MISSING
 */
export async function forecastTable(
  artifact: StoredArtifact,
  rows: FeatureRows,
  inference: OnnxOptions,
): Promise<BatchForecasts> {
  const { files, digest } = artifact;
  const { training } = requireForecaster(files, verifyArtifact(files, digest));
  const scaler = artifactJson(files, 'scaler.json') as Scaler;
  requireColumns(rows.names, scaler.names);
  const features = tableOf(rows);
  const { windowSessions } = training;
  const span = { from: features.sessions[0]!, to: features.sessions.at(-1)! };
  const { inputs, places } = buildWindows({ features: scaleFeatures(scaler, features), windowSessions, span });
  const forecaster = await loadForecaster(files, inference);
  try {
    const forecasts = await forecaster.predict(inputs);
    return { table: forecastsTable(places, forecasts), forecasts: forecasts.length, windowSessions };
  } finally {
    await forecaster.release();
  }
}

/** Refuses columns that are not the features by name and place: a model cannot tell one number from another. */
function requireColumns(given: readonly string[], wanted: readonly string[]): void {
  const absent = wanted.filter((name) => !given.includes(name));
  const strange = given.filter((name) => !wanted.includes(name));
  const place = given.findIndex((name, at) => name !== wanted[at]);
  if (place < 0 && given.length === wanted.length) return;
  const faults = [
    ...(absent.length > 0 ? [`missing: ${absent.join(', ')}`] : []),
    ...(strange.length > 0 ? [`not of the model: ${strange.join(', ')}`] : []),
  ];
  if (faults.length === 0) faults.push(`${given[place]} stands where ${wanted[place]} belongs`);
  throw new Failure('FEATURE_COLUMNS_WRONG', faults.join('; '), { absent, strange });
}

function tableOf({ symbols, sessions, names, columns }: FeatureRows): FeatureTable {
  if (symbols.length === 0) throw new Failure('FEATURE_COLUMNS_WRONG', 'no rows follow the header', {});
  const symbolPlaces = placesOf(symbols);
  const sessionPlaces = placesOf(sessions);
  const values = new Float64Array(symbolPlaces.size * sessionPlaces.size * names.length).fill(Number.NaN);
  const taken = new Uint8Array(symbolPlaces.size * sessionPlaces.size);
  for (const [row, symbol] of symbols.entries()) {
    const session = sessions[row]!;
    const cell = symbolPlaces.get(symbol)! * sessionPlaces.size + sessionPlaces.get(session)!;
    if (taken[cell] === 1) {
      const message = `${symbol} ${session} stands twice`.trim();
      throw new Failure('FEATURE_COLUMNS_WRONG', message, { symbol, session });
    }
    taken[cell] = 1;
    for (const [feature, column] of columns.entries()) values[cell * names.length + feature] = column[row]!;
  }
  return { symbols: [...symbolPlaces.keys()], sessions: [...sessionPlaces.keys()], names, values };
}

/** Each text once, ascending, with its place. */
function placesOf<Text extends string>(texts: readonly Text[]): ReadonlyMap<Text, number> {
  return new Map([...new Set(texts)].toSorted().map((text, place) => [text, place]));
}

function forecastsTable(places: readonly SamplePlace[], forecasts: readonly Forecast[]): ColumnTable {
  const figures = ['mean', 'standardDeviation', 'lower', 'upper', 'confidence'] as const;
  return [
    { name: 'symbol', type: 'text', values: places.map(({ symbol }) => symbol) },
    { name: 'session', type: 'text', values: places.map(({ session }) => session) },
    ...figures.map((name) => {
      return { name, type: 'double', values: Float64Array.from(forecasts, (forecast) => forecast[name]) } as const;
    }),
  ];
}
