import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { MetricPoint, ModelVersion, RunRequest } from '#activities/ports/modelRegistry.ts';
import { sha256 } from '#domain/sha256.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import type { MlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { failureCode } from '../failureCode.ts';

const url = inject('stack').mlflow.url;
const unique = randomBytes(4).toString('hex');
let registry: MlflowRegistry;

beforeAll(() => {
  registry = createMlflowRegistry({ url });
});
afterAll(() => registry.close());

const runRequest = (idempotencyKey: string, changes: Partial<RunRequest> = {}): RunRequest => ({
  experiment: `test-${unique}`,
  name: 'a run',
  idempotencyKey,
  tags: { 'plimsoll.model': 'forecaster' },
  params: { epochs: '8', windowSessions: '20' },
  ...changes,
});

const points = (count: number): readonly MetricPoint[] =>
  Array.from({ length: count }, (_, step) => ({
    name: 'loss',
    value: step === 1 ? Number.NaN : 1 / (step + 1),
    step,
    timestampMs: 1_600_000_000_000 + step,
  }));

/** MLflow's own answer, past the adapter. */
async function ask(path: string, json?: unknown): Promise<Record<string, never>> {
  const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    ...(json !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(json),
    }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, never>;
}

const tagsOf = (entries: readonly { readonly key: string; readonly value: string }[]): Record<string, string> =>
  Object.fromEntries(entries.map(({ key, value }) => [key, value]));

describe('runs', () => {
  test('a key has one run, however often it is asked for', async () => {
    const runId = await registry.ensureRun(runRequest('once'));
    expect(await registry.ensureRun(runRequest('once'))).toBe(runId);
    const { run } = await ask(`runs/get?run_id=${runId}`);
    const { data, info } = run as unknown as {
      data: { params: []; tags: [] };
      info: { run_name: string; status: string };
    };
    expect(info).toMatchObject({ run_name: 'a run', status: 'RUNNING' });
    expect(tagsOf(data.params)).toMatchObject({ epochs: '8', windowSessions: '20' });
    expect(tagsOf(data.tags)).toMatchObject({ 'plimsoll.model': 'forecaster', 'plimsoll.idempotencyKey': 'once' });
  });

  test('of parallel callers all get one run, and no other stays', async () => {
    for (let round = 0; round < 3; round += 1) {
      const key = `race-${round}`;
      const runIds = await Promise.all(Array.from({ length: 8 }, () => registry.ensureRun(runRequest(key))));
      expect(new Set(runIds).size).toBe(1);
      expect(await activeRuns(key)).toEqual([runIds[0]]);
    }
  });

  test('runs that a crash left undecided are settled to one', async () => {
    const { experiments } = await ask('experiments/search', { max_results: 1_000 });
    const experiment = (experiments as unknown as { name: string; experiment_id: string }[]).find(
      ({ name }) => name === `test-${unique}`,
    );
    for (const startTimeMs of [2_000, 1_000, 3_000]) {
      await ask('runs/create', {
        experiment_id: experiment?.experiment_id,
        start_time: startTimeMs,
        tags: [{ key: 'plimsoll.idempotencyKey', value: 'crashed' }],
      });
    }
    const runId = await registry.ensureRun(runRequest('crashed'));
    expect(await activeRuns('crashed')).toEqual([runId]);
    const { run } = await ask(`runs/get?run_id=${runId}`);
    expect((run as unknown as { info: { start_time: number } }).info.start_time).toBe(1_000);
  });

  test('REGISTRY_CONFLICT: a key cannot stand for two sets of parameters', async () => {
    await registry.ensureRun(runRequest('params'));
    const other = registry.ensureRun(runRequest('params', { params: { epochs: '9' } }));
    expect(await failureCode(other)).toBe('REGISTRY_CONFLICT');
  });

  test('more metrics than a batch holds are all kept, NaN among them, and repeating adds none', async () => {
    const runId = await registry.ensureRun(runRequest('metrics'));
    await registry.logMetrics(runId, points(2_345));
    await registry.logMetrics(runId, points(2_345).slice(1_000, 1_100));
    const { metrics } = await ask(`metrics/get-history?run_id=${runId}&metric_key=loss&max_results=25000`);
    const history = metrics as unknown as { value: number | string; step: number }[];
    expect(history).toHaveLength(2_345);
    expect(history.find(({ step }) => step === 1)?.value).toBe('NaN');
    expect(history.find(({ step }) => step === 2_344)?.value).toBe(1 / 2_345);
  });

  test('more parameters and tags than a batch holds are all kept', async () => {
    const many = (name: string): Record<string, string> =>
      Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`${name}${index}`, '∑'.repeat(5_000)]));
    const runId = await registry.ensureRun(runRequest('many', { params: many('param') }));
    await registry.setTags(runId, many('tag'));
    const { run } = await ask(`runs/get?run_id=${runId}`);
    const { params, tags } = (run as unknown as { data: { params: []; tags: [] } }).data;
    expect(tagsOf(params)).toMatchObject(many('param'));
    expect(tagsOf(tags)).toMatchObject(many('tag'));
  });

  test('REGISTRY_LIMIT_EXCEEDED: what MLflow would cut or bend is refused', async () => {
    const runId = await registry.ensureRun(runRequest('limits'));
    const long = registry.ensureRun(runRequest('long', { params: { spec: 'x'.repeat(6_001) } }));
    expect(await failureCode(long)).toBe('REGISTRY_LIMIT_EXCEEDED');
    expect(await activeRuns('long')).toEqual([]);
    expect(await failureCode(registry.setTags(runId, { note: 'x'.repeat(8_001) }))).toBe('REGISTRY_LIMIT_EXCEEDED');
    const infinite = registry.logMetrics(runId, [{ name: 'loss', value: Infinity, step: 0, timestampMs: 0 }]);
    expect(await failureCode(infinite)).toBe('REGISTRY_LIMIT_EXCEEDED');
  });

  test('an artifact is where the MLflow page looks for it', async () => {
    const runId = await registry.ensureRun(runRequest('artifact'));
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
    const content = { bytes: new TextEncoder().encode(svg), type: 'image/svg+xml' };
    await registry.logArtifact(runId, 'curves/loss of epoch 1.svg', content);
    await registry.logArtifact(runId, 'curves/loss of epoch 1.svg', content);
    const { files } = await ask(`artifacts/list?run_id=${runId}&path=curves`);
    expect(files).toEqual([{ path: 'curves/loss of epoch 1.svg', is_dir: false, file_size: svg.length }]);
    const page = await fetch(
      `${url}/get-artifact?run_uuid=${runId}&path=${encodeURIComponent('curves/loss of epoch 1.svg')}`,
    );
    expect(await page.text()).toBe(svg);
    await expect(registry.logArtifact(runId, '../escape', content)).rejects.toThrow(RangeError);
  });

  test("a dataset's digest stands in full in the tags", async () => {
    const runId = await registry.ensureRun(runRequest('dataset'));
    const dataset = { name: 'sample-daily', digest: sha256('snapshot'), source: 's3://plimsoll/snapshots/x' };
    await registry.logDataset(runId, dataset);
    await registry.logDataset(runId, dataset);
    const { run } = await ask(`runs/get?run_id=${runId}`);
    const { data, inputs } = run as unknown as {
      data: { tags: [] };
      inputs: { dataset_inputs: { dataset: { digest: string }; tags: [] }[] };
    };
    expect(tagsOf(data.tags)['plimsoll.dataset.sample-daily']).toBe(dataset.digest);
    expect(inputs.dataset_inputs).toHaveLength(1);
    expect(inputs.dataset_inputs[0]?.dataset.digest).toBe(dataset.digest.slice(0, 36));
    expect(tagsOf(inputs.dataset_inputs[0]?.tags ?? [])['plimsoll.digest']).toBe(dataset.digest);
  });

  test('a dataset that many runs name at once is logged by all of them', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `datasets at once ${index}`);
    const runIds = await Promise.all(names.map((name) => registry.ensureRun(runRequest(name))));
    for (const round of [1, 2, 3]) {
      const dataset = { name: 'features', digest: sha256(`features ${round}`), source: 's3://plimsoll/features/x' };
      await Promise.all(runIds.map((runId) => registry.logDataset(runId, dataset)));
    }
    const { run } = await ask(`runs/get?run_id=${runIds.at(-1)}`);
    expect((run as unknown as { inputs: { dataset_inputs: [] } }).inputs.dataset_inputs).toHaveLength(3);
  });

  test('a finished run is finished, and has a page', async () => {
    const runId = await registry.ensureRun(runRequest('finished'));
    await registry.finishRun(runId, 'FINISHED');
    const { run } = await ask(`runs/get?run_id=${runId}`);
    expect((run as unknown as { info: { status: string } }).info.status).toBe('FINISHED');
    expect(await registry.runUrl(runId)).toMatch(new RegExp(`^${url}/#/experiments/\\d+/runs/${runId}$`));
    expect(await registry.ensureRun(runRequest('finished'))).toBe(runId);
  });

  async function activeRuns(key: string): Promise<readonly string[]> {
    const { experiments } = await ask('experiments/search', { max_results: 1_000 });
    const ids = (experiments as unknown as { name: string; experiment_id: string }[])
      .filter(({ name }) => name === `test-${unique}`)
      .map(({ experiment_id: id }) => id);
    const filter = `tags.\`plimsoll.idempotencyKey\` = '${key}'`;
    const { runs = [] } = (await ask('runs/search', { experiment_ids: ids, filter })) as unknown as {
      runs?: { info: { run_id: string } }[];
    };
    return runs.map(({ info }) => info.run_id);
  }
});

describe('versions', () => {
  const version = (model: string, bytes: string): Promise<ModelVersion> =>
    registry.ensureRun(runRequest(`version-${model}`)).then((runId) =>
      registry.ensureVersion({
        model,
        runId,
        source: `s3://plimsoll/artifacts/${bytes}`,
        artifactDigest: sha256(bytes),
        tags: { author: 'ada', 'plimsoll.trials': '24' },
      }),
    );

  test('an artifact digest has one version, in parallel too', async () => {
    const model = `race-${unique}`;
    await registry.ensureRun(runRequest(`version-${model}`));
    const versions = await Promise.all(Array.from({ length: 8 }, () => version(model, 'bytes')));
    expect(new Set(versions.map(({ version: number }) => number)).size).toBe(1);
    expect(await registry.versions(model)).toEqual([versions[0]]);
    const second = await version(model, 'other bytes');
    expect(await registry.versions(model)).toEqual([versions[0], second]);
    expect(second.artifactDigest).toBe(sha256('other bytes'));
    expect(second.trials).toBe(24);
  });

  test('an alias names one version, moves, and is absent before', async () => {
    const model = `alias-${unique}`;
    expect(await registry.aliased(model, 'champion')).toBeUndefined();
    const first = await version(model, 'first');
    const second = await version(model, 'second');
    expect(await registry.aliased(model, 'champion')).toBeUndefined();
    await registry.setAlias(model, 'champion', first.version);
    expect(await registry.aliased(model, 'champion')).toEqual(first);
    await registry.setAlias(model, 'champion', second.version);
    await registry.setAlias(model, 'champion', second.version);
    expect(await registry.aliased(model, 'champion')).toEqual(second);
  });

  test('REGISTRY_REFUSED: a reserved alias; a version that does not exist', async () => {
    const model = `refused-${unique}`;
    const { version: number } = await version(model, 'bytes');
    expect(await failureCode(registry.setAlias(model, 'latest', number))).toBe('REGISTRY_REFUSED');
    expect(await failureCode(registry.setAlias(model, 'champion', '99'))).toBe('REGISTRY_REFUSED');
  });

  test('REGISTRY_CONFLICT: an alias on a version that nobody gave a digest', async () => {
    const model = `foreign-${unique}`;
    await ask('registered-models/create', { name: model });
    await ask('model-versions/create', { name: model, source: 's3://plimsoll/by-hand' });
    await registry.setAlias(model, 'champion', '1');
    expect(await failureCode(registry.aliased(model, 'champion'))).toBe('REGISTRY_CONFLICT');
    expect(await registry.versions(model)).toEqual([]);
  });
});

describe('the server', () => {
  test('REGISTRY_UNREACHABLE: nobody listens', async () => {
    const nobody = createMlflowRegistry({ url: 'http://127.0.0.1:1', attemptsMax: 2 });
    expect(await failureCode(nobody.versions('model'))).toBe('REGISTRY_UNREACHABLE');
    await nobody.close();
  });

  test('REGISTRY_REFUSED: a host the server does not know, with its plain words', async () => {
    const { port } = new URL(url);
    // A wrong proxy: it forwards under a host name that the server does not allow.
    const stranger = createServer((incoming, answer) => {
      const target = { host: '127.0.0.1', port, path: incoming.url, headers: { host: 'stranger.example' } };
      get(target, (response) => {
        answer.writeHead(response.statusCode ?? 0);
        response.pipe(answer);
      });
    }).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const proxied = createMlflowRegistry({ url: `http://127.0.0.1:${(stranger.address() as AddressInfo).port}` });
    expect(await failureCode(proxied.versions('model'))).toBe('REGISTRY_REFUSED');
    await proxied.close();
    stranger.close();
  });

  test('a create is not repeated after a fault that may have committed, a question is', async () => {
    const calls: string[] = [];
    const faulty = createServer((incoming, answer) => {
      const path = incoming.url?.split('?')[0]?.split('/mlflow/')[1] ?? '';
      calls.push(path);
      if (path === 'experiments/get-by-name') answer.end('{"experiment":{"experiment_id":"1"}}');
      else if (path === 'runs/search' && calls.filter((call) => call === path).length > 1) answer.end('{}');
      else answer.writeHead(503).end('starting');
    }).listen(0, '127.0.0.1');
    await once(faulty, 'listening');
    const shaky = createMlflowRegistry({ url: `http://127.0.0.1:${(faulty.address() as AddressInfo).port}` });
    expect(await failureCode(shaky.ensureRun(runRequest('shaky')))).toBe('REGISTRY_UNREACHABLE');
    expect(calls).toEqual(['experiments/get-by-name', 'runs/search', 'runs/search', 'runs/create']);
    await shaky.close();
    faulty.close();
  });
});
