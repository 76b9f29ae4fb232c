import type { DailyBars } from '#domain/bars.ts';
import type { Digest } from '#domain/digest.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { SampleSet, TrainingData } from '#models/training.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';
import type { FeatureTable } from '#pipelines/featureTable.ts';
import { computeFeatures, featureDigest } from '#pipelines/features.ts';
import type { FeatureSpec } from '#pipelines/features/featureSpec.ts';
import { openToOpenLabels } from '#pipelines/labels.ts';
import { buildSamples, type Samples } from '#pipelines/samples.ts';
import { fitScaler, scaleFeatures, type Scaler } from '#pipelines/scaling.ts';
import type { SessionSpan } from '#pipelines/sessionSpan.ts';
import { featuresToTable, tableToFeatures } from '#pipelines/tables.ts';
import type { Catalogue } from '#activities/ports/catalogue.ts';
import type { ColumnTables } from '#activities/ports/columnTables.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import { readSnapshot } from './snapshotStore.ts';
import type { FeatureReference } from './trainingActivities.ts';

/** Where data for models comes from. */
export interface DataWorld {
  readonly objects: ObjectStore;
  readonly tables: ColumnTables;
  readonly catalogue: Catalogue;
}

/** The features of a snapshot: read when they were computed before, else computed, kept and recorded. */
export async function provideFeatures(
  world: DataWorld,
  snapshotDigest: Digest,
  spec: FeatureSpec,
): Promise<{ readonly reference: FeatureReference; readonly table: FeatureTable }> {
  const { objects, tables, catalogue } = world;
  const digest = featureDigest(snapshotDigest, spec);
  const names = spec.features.map(({ name }) => name);
  const known = await catalogue.featureSet(digest);
  if (known) {
    const table = tableToFeatures(await tables.decode(await objects.get(known.objectKey)));
    return { table, reference: { digest, snapshotDigest, objectKey: known.objectKey, rows: known.rows, names } };
  }
  const table = computeFeatures({ ...(await readSnapshot(world, snapshotDigest)), spec });
  const objectKey = `features/${digest}.parquet`;
  await objects.put(objectKey, await tables.encode(featuresToTable(table)), 'application/vnd.apache.parquet');
  const rows = table.symbols.length * table.sessions.length;
  await catalogue.recordFeatureSet({ digest, snapshotDigest, objectKey, rows });
  return { table, reference: { digest, snapshotDigest, objectKey, rows, names } };
}

/** Reads features that were computed before. */
export async function readFeatures(
  { objects, tables }: DataWorld,
  { objectKey }: FeatureReference,
): Promise<FeatureTable> {
  return tableToFeatures(await tables.decode(await objects.get(objectKey)));
}

/** Samples for training with the scaler that was fitted on the training part alone. */
export interface PreparedTraining {
  readonly data: TrainingData;
  readonly scaler: Scaler;
  /** Session of each validation sample, ascending; its outcome is known `labelReachSessions` sessions later. */
  readonly validationSessions: readonly SessionDate[];
  readonly labelReachSessions: number;
}

/**
 * Cuts a span into a training and a validation part by time, fits the scaler on the first, and purges both of labels
 * that look past their own end.
 */
export function prepareTraining(
  { features, bars }: { readonly features: FeatureTable; readonly bars: readonly DailyBars[] },
  span: SessionSpan,
  spec: Pick<TrainingSpec, 'windowSessions' | 'validationFraction'>,
): PreparedTraining {
  const sessions = features.sessions.filter((session) => session >= span.from && session <= span.to);
  const cut = Math.max(1, Math.floor(sessions.length * (1 - spec.validationFraction)));
  const trainingSpan = { from: sessions[0]!, to: sessions[cut - 1]! };
  const validationSpan = { from: sessions[cut] ?? sessions[cut - 1]!, to: sessions.at(-1)! };
  const scaler = fitScaler(features, trainingSpan);
  const scaled = scaleFeatures(scaler, features);
  const labels = openToOpenLabels(bars);
  const { windowSessions } = spec;
  const samplesOf = (part: SessionSpan): Samples =>
    buildSamples({ features: scaled, labels, windowSessions, span: part, reach: 'purged' });
  const validation = samplesOf(validationSpan);
  const data = {
    features: features.names.length,
    training: toSet(samplesOf(trainingSpan)),
    validation: toSet(validation),
  };
  const validationSessions = validation.places.map(({ session }) => session);
  return { data, scaler, validationSessions, labelReachSessions: labels.reachSessions };
}

function toSet({ inputs, labels }: Samples): SampleSet {
  return { inputs, labels };
}
