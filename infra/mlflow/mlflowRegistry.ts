import type { MetricPoint, ModelRegistry } from '#activities/ports/modelRegistry.ts';
import { Failure } from '#domain/failure.ts';
import { ensureRun } from './ensureRun.ts';
import { MlflowHttp, MlflowRefusal } from './mlflowHttp.ts';
import type { MlflowHttpOptions } from './mlflowHttp.ts';
import { batchEntriesMax, batches, metricValue, requireLength, tagList } from './mlflowLimits.ts';
import { createModelVersions } from './modelVersions.ts';

/** The registry with the connections it holds. */
export interface MlflowRegistry extends ModelRegistry {
  close(): Promise<void>;
}

const api = '/api/2.0/mlflow';
const datasetNameLengthMax = 500;
const datasetDigestLengthMax = 36;

/**
 * Tracking and registry over MLflow's REST interface, version 3.17. Every call throws Failure REGISTRY_UNREACHABLE,
 * REGISTRY_REFUSED or REGISTRY_LIMIT_EXCEEDED.
 */
export function createMlflowRegistry(options: MlflowHttpOptions): MlflowRegistry {
  const http = new MlflowHttp(options);
  return {
    ensureRun: (request) => ensureRun(http, request),

    logMetrics: (runId, points) => logMetrics(http, runId, points),

    setTags: (runId, tags) => setTags(http, runId, tags),

    async logArtifact(runId, path, content) {
      const { artifactPath } = await runInfo(http, runId);
      const segments = path.split('/');
      if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
        throw new RangeError(`not a path below a run: ${JSON.stringify(path)}`);
      }
      const encoded = [...artifactPath.split('/'), ...segments].map(encodeURIComponent).join('/');
      const target = `/api/2.0/mlflow-artifacts/artifacts/${encoded}`;
      await http.call({ method: 'PUT', path: target, content, kind: 'idempotent' });
    },

    async logDataset(runId, { name, digest, source }) {
      requireLength('the name of a dataset', name, datasetNameLengthMax);
      // MLflow's digest is too short for ours, which stands in full in the tags of the input and of the run.
      const dataset = {
        name,
        digest: digest.slice(0, datasetDigestLengthMax),
        source_type: 's3',
        source: JSON.stringify({ uri: source }),
      };
      const tags = [
        { key: 'mlflow.data.context', value: 'training' },
        { key: 'plimsoll.digest', value: digest },
      ];
      const json = { run_id: runId, datasets: [{ dataset, tags }] };
      const log = () => http.call({ method: 'POST', path: `${api}/runs/log-inputs`, json, kind: 'idempotent' });
      await log().catch((error: unknown) => {
        if (!isDatasetCollision(error)) throw error;
        return log();
      });
      await setTags(http, runId, { [`plimsoll.dataset.${name}`]: digest });
    },

    async finishRun(runId, status) {
      const json = { run_id: runId, status, end_time: Date.now() };
      await http.call({ method: 'POST', path: `${api}/runs/update`, json, kind: 'idempotent' });
    },

    ...createModelVersions(http),

    async runUrl(runId) {
      const { experimentId } = await runInfo(http, runId);
      return `${http.url}/#/experiments/${experimentId}/runs/${runId}`;
    },

    close: () => http.close(),
  };
}

async function logMetrics(http: MlflowHttp, runId: string, points: readonly MetricPoint[]): Promise<void> {
  const metrics = points.map(({ name, value, step, timestampMs }) => ({
    key: name,
    value: metricValue(name, value),
    timestamp: timestampMs,
    step,
  }));
  for (const batch of batches(metrics, batchEntriesMax.metrics)) {
    const json = { run_id: runId, metrics: batch };
    await http.call({ method: 'POST', path: `${api}/runs/log-batch`, json, kind: 'idempotent' });
  }
}

async function setTags(http: MlflowHttp, runId: string, tags: Readonly<Record<string, string>>): Promise<void> {
  for (const batch of batches(tagList(tags), batchEntriesMax.tags)) {
    const json = { run_id: runId, tags: batch };
    await http.call({ method: 'POST', path: `${api}/runs/log-batch`, json, kind: 'idempotent' });
  }
}

async function runInfo(
  http: MlflowHttp,
  runId: string,
): Promise<{ readonly experimentId: string; readonly artifactPath: string }> {
  const { run } = await http.call<{ run: { info: { experiment_id: string; artifact_uri: string } } }>({
    method: 'GET',
    path: `${api}/runs/get`,
    query: { run_id: runId },
    kind: 'idempotent',
  });
  const { experiment_id: experimentId, artifact_uri: uri } = run.info;
  const artifactPath = /^mlflow-artifacts:\/+(.+)$/.exec(uri)?.[1];
  if (artifactPath === undefined) {
    throw new Failure('REGISTRY_REFUSED', `MLflow does not serve the artifacts of run ${runId}: ${uri}`, {
      runId,
      uri,
    });
  }
  return { experimentId, artifactPath };
}

/**
 * Whether runs of one experiment named the same new dataset at once: MLflow inserts it for each of them, and its
 * database takes the first only. When they ask again it is there.
 */
function isDatasetCollision(error: unknown): boolean {
  return error instanceof MlflowRefusal && /dataset_pk|UNIQUE constraint failed: datasets/i.test(error.reason);
}
