import { digest, type Digest } from '#domain/digest.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import type { Database } from '#infra/postgres/database.ts';

/** The candidate's bytes in the catalogue: who trained them is read there. */
export async function recordCandidate(database: Database, artifactDigest: Digest): Promise<void> {
  const catalogue = createCatalogue(database);
  const lineage = { snapshotDigest: digest('b'.repeat(64)), featureDigest: digest('c'.repeat(64)) };
  await catalogue.publishSnapshot({
    digest: lineage.snapshotDigest,
    dataset: 'test',
    asOf: sessionDate('2020-03-13'),
    firstSession: sessionDate('2020-03-12'),
    symbols: ['AAPL'],
    rows: 2,
    manifestKey: 'snapshots/b/manifest.json',
  });
  await catalogue.recordFeatureSet({
    digest: lineage.featureDigest,
    snapshotDigest: lineage.snapshotDigest,
    objectKey: 'features/c',
    rows: 2,
  });
  await catalogue.recordArtifact({
    ...lineage,
    digest: artifactDigest,
    model: 'forecaster',
    trainingDigest: digest('d'.repeat(64)),
    objectPrefix: 'artifacts/a',
    mlflowRunId: 'run',
    modelVersion: '3',
    author: 'linus',
  });
}
