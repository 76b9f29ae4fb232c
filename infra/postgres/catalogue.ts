import type { ArtifactRow, Catalogue, FeatureSetRow, SnapshotRow, ValidationRow } from '#activities/ports/catalogue.ts';
import type { Database } from './database.ts';
import { insertOnce } from './insertOnce.ts';

const snapshotQuery = `
  SELECT digest, dataset, as_of AS "asOf", first_session AS "firstSession", symbols, rows, manifest_key AS "manifestKey"
  FROM publications JOIN snapshots USING (digest)`;
const artifactColumns = `digest, model, training_digest AS "trainingDigest", snapshot_digest AS "snapshotDigest",
  feature_digest AS "featureDigest", object_prefix AS "objectPrefix", mlflow_run_id AS "mlflowRunId",
  model_version AS "modelVersion", author`;

/** The catalogue over a migrated database; a write over a different row throws Failure ROW_CONFLICT. */
export function createCatalogue(database: Database): Catalogue {
  return { ...createSnapshots(database), ...createLineage(database) };
}

type Snapshots = 'publishSnapshot' | 'snapshot' | 'head' | 'snapshots' | 'datasets';

function createSnapshots(database: Database): Pick<Catalogue, Snapshots> {
  return {
    publishSnapshot: (row) => publishSnapshot(database, row),

    async snapshot(digest) {
      const rows = await database.query<SnapshotRow>(
        `${snapshotQuery} WHERE digest = $1 ORDER BY published_at, dataset LIMIT 1`,
        [digest],
      );
      return rows[0];
    },

    async head(dataset) {
      const rows = await database.query<SnapshotRow>(
        `${snapshotQuery} JOIN dataset_heads head USING (dataset, as_of, digest) WHERE dataset = $1`,
        [dataset],
      );
      return rows[0];
    },

    snapshots: (dataset) =>
      database.query<SnapshotRow>(`${snapshotQuery} WHERE dataset = $1 ORDER BY as_of, published_at, digest`, [
        dataset,
      ]),

    async datasets() {
      const rows = await database.query<{ dataset: string }>('SELECT dataset FROM dataset_heads ORDER BY dataset');
      return rows.map(({ dataset }) => dataset);
    },
  };
}

function createLineage(database: Database): Omit<Catalogue, Snapshots> {
  return {
    async recordFeatureSet({ digest, snapshotDigest, objectKey, rows }) {
      const columns = { digest, snapshot_digest: snapshotDigest, object_key: objectKey, rows };
      await insertOnce(database, { table: 'feature_sets', key: ['digest'], columns });
    },

    async featureSet(digest) {
      const rows = await database.query<FeatureSetRow>(
        `SELECT digest, snapshot_digest AS "snapshotDigest", object_key AS "objectKey", rows
         FROM feature_sets WHERE digest = $1`,
        [digest],
      );
      return rows[0];
    },

    recordArtifact: (row) => recordArtifact(database, row),

    artifacts: () =>
      database.query<ArtifactRow>(
        `SELECT ${artifactColumns} FROM artifacts ORDER BY model, length(model_version), model_version`,
      ),

    async artifact(digest) {
      const rows = await database.query<ArtifactRow>(`SELECT ${artifactColumns} FROM artifacts WHERE digest = $1`, [
        digest,
      ]);
      return rows[0];
    },

    async artifactByVersion(model, version) {
      const rows = await database.query<ArtifactRow>(
        `SELECT ${artifactColumns} FROM artifacts WHERE model = $1 AND model_version = $2`,
        [model, version],
      );
      return rows[0];
    },

    async recordValidation({ artifactDigest, planDigest, summary, reportKey }) {
      const columns = { artifact_digest: artifactDigest, plan_digest: planDigest, summary, report_key: reportKey };
      await insertOnce(database, { table: 'validations', key: ['artifact_digest', 'plan_digest'], columns });
    },

    async validation(artifactDigest) {
      const rows = await database.query<ValidationRow>(
        `SELECT artifact_digest AS "artifactDigest", plan_digest AS "planDigest", summary, report_key AS "reportKey"
         FROM validations WHERE artifact_digest = $1 ORDER BY sequence DESC LIMIT 1`,
        [artifactDigest],
      );
      return rows[0];
    },
  };
}

async function publishSnapshot(database: Database, row: SnapshotRow): Promise<void> {
  const { digest, dataset, asOf, firstSession, symbols, rows, manifestKey } = row;
  await database.transaction(async (transaction) => {
    await insertOnce(transaction, {
      table: 'snapshots',
      key: ['digest'],
      columns: { digest, first_session: firstSession, symbols, rows },
    });
    const published = await insertOnce(transaction, {
      table: 'publications',
      key: ['dataset', 'as_of', 'digest'],
      columns: { dataset, as_of: asOf, digest, manifest_key: manifestKey },
    });
    // A new snapshot of the same day replaces the head (data was repaired); a repeated publication of an old one
    // must not take it back.
    await transaction.query(
      `INSERT INTO dataset_heads AS head (dataset, digest, as_of) VALUES ($1, $2, $3)
       ON CONFLICT (dataset) DO UPDATE SET digest = excluded.digest, as_of = excluded.as_of
       WHERE excluded.as_of > head.as_of OR (excluded.as_of = head.as_of AND $4)`,
      [dataset, digest, asOf, published],
    );
  });
}

async function recordArtifact(database: Database, row: ArtifactRow): Promise<void> {
  await insertOnce(database, {
    table: 'artifacts',
    key: ['digest'],
    columns: {
      digest: row.digest,
      model: row.model,
      training_digest: row.trainingDigest,
      snapshot_digest: row.snapshotDigest,
      feature_digest: row.featureDigest,
      object_prefix: row.objectPrefix,
      mlflow_run_id: row.mlflowRunId,
      model_version: row.modelVersion,
      author: row.author,
    },
  });
}
