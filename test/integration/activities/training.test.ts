import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { exportOnnx } from '#activities/exportModel.ts';
import { readArtifact } from '#activities/modelJobs.ts';
import type { TrainingOutcome, TrainingRequest } from '#activities/trainingActivities.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import { createModels } from '#console/desk/modelDesk.ts';
import { sha256 } from '#domain/sha256.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { readSpec } from '#models/forecaster.ts';
import { asActivity } from '#test/asActivity.ts';
import { failureCode } from '../failureCode.ts';
import { modelChildren } from '../models/trainingJobs.ts';
import { ingest, smallTraining, train } from './candidate.ts';
import { openHouse, type House } from './house.ts';

let house: House;
let objects: ObjectStore;
let registry: ModelRegistry & { close(): Promise<void> };
let request: TrainingRequest;
let first: TrainingOutcome;
beforeAll(async () => {
  house = await openHouse(inject('stack'));
  objects = await openObjectStore(house.addresses.objects);
  registry = createMlflowRegistry({ url: house.addresses.mlflow.url });
  request = smallTraining(await ingest(house, '2023-06-22'), 6);
  first = await train(house, request);
});
afterAll(async () => {
  await registry.close();
  await house.stop();
});

/** Runs of a model's experiment, as MLflow itself counts them. */
async function runsOf(model: string): Promise<readonly string[]> {
  const { url } = house.addresses.mlflow;
  const ask = async (path: string, init?: RequestInit): Promise<unknown> =>
    (await fetch(`${url}/api/2.0/mlflow/${path}`, init)).json();
  const { experiment } = (await ask(`experiments/get-by-name?experiment_name=${model}`)) as {
    readonly experiment: { readonly experiment_id: string };
  };
  const { runs = [] } = (await ask('runs/search', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ experiment_ids: [experiment.experiment_id] }),
  })) as { readonly runs?: readonly { readonly info: { readonly run_id: string } }[] };
  return runs.map(({ info }) => info.run_id);
}

/** How often a run was told its loss of the first epoch: once, unless it was trained from the start again. */
async function firstEpochs(runId: string): Promise<number> {
  const query = `run_id=${runId}&metric_key=trainingLoss`;
  const answer = await fetch(`${house.addresses.mlflow.url}/api/2.0/mlflow/metrics/get-history?${query}`);
  const { metrics } = (await answer.json()) as { readonly metrics: readonly { readonly step: number | string }[] };
  return metrics.filter(({ step }) => Number(step) === 1).length;
}

/** Where a training keeps its last checkpoint. */
async function checkpointKey(of: TrainingRequest): Promise<string> {
  const { trainingDigest } = await asActivity(() => house.world.training.identifyTraining(of));
  return `trainings/${trainingDigest}/checkpoint.bin`;
}

describe('the same training', () => {
  test('asked for twice is one MLflow run, one model version, one artifact', async () => {
    const second = await train(house, request);
    expect(second).toEqual(first);
    expect(await runsOf(request.model)).toEqual([first.mlflowRunId]);
    expect(await registry.versions(request.model)).toEqual([
      expect.objectContaining({ version: first.modelVersion, artifactDigest: first.artifactDigest }),
    ]);
    expect(await createCatalogue(house.database).artifact(first.artifactDigest)).toMatchObject({
      mlflowRunId: first.mlflowRunId,
      modelVersion: first.modelVersion,
    });
  });

  test('stores bytes that verify against their digest, with everything a session needs', async () => {
    const files = await readArtifact(objects, first.artifactDigest);
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['manifest.json', 'scaler.json', 'features.json']));
  });

  test('is listed with its alias and exported in every precision, with the loss that was measured of it', async () => {
    const { model, modelVersion, artifactDigest } = first;
    await registry.setAlias(model, 'champion', modelVersion);
    const catalogue = createCatalogue(house.database);
    const models = createModels({ catalogue, registry, objects: () => Promise.resolve(objects) });
    const listed = { model, modelVersion, artifactDigest, author: first.author, aliases: ['champion'] };
    expect(await models.list()).toContainEqual(listed);
    const { files } = await models.fetch(model, 'champion');
    const { serving } = readSpec(files);
    const exported = (precision: 'float32' | 'float16' | 'int8') =>
      exportOnnx({ digest: artifactDigest, files }, precision);
    expect(exported('float32')).toMatchObject({ bytes: files['model.onnx'], parity: serving.parity });
    for (const precision of ['float16', 'int8'] as const) {
      const { bytes, ...loss } = serving.variants[precision];
      expect(exported(precision).bytes).toHaveLength(bytes);
      expect(exported(precision)).toMatchObject({ loss });
    }
    await expect(models.fetch(model, '99')).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
  });

  test('at another learning rate is another run and another artifact', async () => {
    const other = { ...request, training: { ...request.training, epochs: 1, learningRate: 0.002 } };
    const outcome = await train(house, other);
    expect(outcome.mlflowRunId).not.toBe(first.mlflowRunId);
    expect(outcome.artifactDigest).not.toBe(first.artifactDigest);
    expect(await registry.versions(request.model)).toHaveLength(2);
  });
});

describe('a training whose process is killed', () => {
  test('resumes from its checkpoint and ends with the bytes of one that was never disturbed', async () => {
    // The model's name is in the manifest, so that these are two artifacts of equal bytes otherwise.
    const undisturbed = await train(house, { ...request, model: `${request.model}-a`, training: longer(request) });
    const disturbed = { ...request, model: `${request.model}-b`, training: longer(request) };
    const { training } = house.world;
    const identity = await asActivity(() => training.identifyTraining(disturbed));
    const open = await asActivity(() => training.openTrainingRun(disturbed, identity));
    const key = await checkpointKey(disturbed);
    const cut = failureCode(asActivity(() => training.trainForecaster(open)));
    const killer = (async () => {
      while (!(await objects.exists(key))) await delay(10);
      for (const pid of modelChildren(process.pid)) process.kill(pid, 'SIGKILL');
    })();
    expect(await cut).toBe('MODEL_PROCESS_DIED');
    await killer;

    const resumed = await train(house, disturbed);
    expect(resumed.mlflowRunId).toBe(open.mlflowRunId);
    expect(await runsOf(disturbed.model)).toEqual([open.mlflowRunId]);
    expect(await registry.versions(disturbed.model)).toHaveLength(1);
    expect(await firstEpochs(open.mlflowRunId)).toBe(1);
    const [a, b] = await Promise.all(
      [undisturbed, resumed].map(({ artifactDigest }) => readArtifact(objects, artifactDigest)),
    );
    const { 'manifest.json': _a, ...bytesOfA } = a!;
    const { 'manifest.json': _b, ...bytesOfB } = b!;
    const digests = (files: Readonly<Record<string, Uint8Array>>) =>
      Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]);
    expect(digests(bytesOfB)).toEqual(digests(bytesOfA));
  });
});

/** Enough epochs that there is time between the first checkpoint and the end. */
function longer({ training }: TrainingRequest): TrainingRequest['training'] {
  return { ...training, epochs: 8, patienceEpochs: 8 };
}
