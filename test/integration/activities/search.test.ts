import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readArtifact } from '#activities/modelJobs.ts';
import { trialRequest, type OpenSearch, type SearchRequest } from '#activities/searchActivities.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { createTrackedRuns, type TrackedRuns } from '#infra/mlflow/trackedRuns.ts';
import { asActivity } from '#test/asActivity.ts';
import { ingest, smallTraining, train } from './candidate.ts';
import { openHouse, type House } from './house.ts';

let house: House;
let runs: TrackedRuns;
let request: SearchRequest;
let search: OpenSearch;
beforeAll(async () => {
  house = await openHouse(inject('stack'));
  runs = createTrackedRuns({ url: house.addresses.mlflow.url });
  const base = smallTraining(await ingest(house, '2023-06-22'), 3);
  request = {
    base,
    plan: {
      space: { units: { kind: 'choice', values: [3, 5] } },
      sampler: 'random',
      trials: 3,
      parallel: 1,
      halving: { epochsMin: 1, factor: 3 },
      seed: 1,
    },
  };
  search = await asActivity(() => house.world.search.openSearch(request));
});
afterAll(async () => {
  await runs.close();
  await house.stop();
});

test('a search that is asked for twice is one run, and proposes the same points', async () => {
  const again = await asActivity(() => house.world.search.openSearch(request));
  expect(again).toEqual(search);
  const asked = { numbers: [0, 1, 2], finished: [] };
  const first = await house.world.search.proposeTrials(search, asked);
  expect(await house.world.search.proposeTrials(search, asked)).toEqual(first);
  expect(first.map(({ trial }) => trial)).toEqual([0, 1, 2]);
});

test('a trial is trained rung by rung and ends with the bytes of one that was trained at once', async () => {
  const trial = { trial: 0, point: { units: 3 } };
  const run = (untilEpoch: number) => asActivity(() => house.world.search.runTrial(search, trial, untilEpoch));
  const early = await run(1);
  expect(early).toMatchObject({ trial: 0, epochs: 1 });
  // A repeat of the rung trains nothing and answers the same.
  expect(await run(1)).toEqual(early);
  const late = await run(2);
  expect(late).toMatchObject({ epochs: 2, mlflowRunId: early.mlflowRunId });
  expect(late.loss).toBeLessThanOrEqual(early.loss!);

  const winner = await train(house, trialRequest(search, trial));
  expect(winner.mlflowRunId).toBe(early.mlflowRunId);
  const plain = { ...request.base, model: `${request.base.model}-plain` };
  if (plain.training.kind !== 'cnn-lstm') throw new RangeError('the search tries units of another network');
  const atOnce = await train(house, { ...plain, training: { ...plain.training, units: 3 } });
  const objects = await openObjectStore(house.addresses.objects);
  const [a, b] = await Promise.all([winner, atOnce].map(({ artifactDigest }) => readArtifact(objects, artifactDigest)));
  expect(a!['weights.bin']).toEqual(b!['weights.bin']);
});

test('a trial that diverges is an answer, and every run lies under its search (TRAINING_DIVERGED)', async () => {
  const { searchDigest, mlflowRunId } = search;
  const wild = await asActivity(() =>
    house.world.search.runTrial(search, { trial: 1, point: { learningRate: 1e38 } }, 1),
  );
  expect(wild).toMatchObject({ trial: 1, loss: null, failure: 'TRAINING_DIVERGED' });
  const calm = await asActivity(() => house.world.search.runTrial(search, { trial: 2, point: { units: 5 } }, 1));
  await house.world.search.closeSearch(search, [wild, calm]);
  const [parent, failed, stopped] = await runs.find([mlflowRunId, wild.mlflowRunId, calm.mlflowRunId]);
  expect(parent).toMatchObject({ status: 'FINISHED', tags: { 'plimsoll.search': searchDigest } });
  expect(parent!.metrics['best.validationLoss']).toBeCloseTo(calm.loss!, 6);
  expect(failed).toMatchObject({ status: 'FAILED', tags: { 'mlflow.parentRunId': mlflowRunId } });
  // The best of the search goes on to be a candidate.
  expect(stopped!.status).toBe('RUNNING');
});
