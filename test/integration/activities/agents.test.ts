import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { AgentTrainingOutcome, AgentTrainingRequest } from '#activities/agentActivities.ts';
import type { SnapshotReference } from '#activities/marketDataActivities.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import { readArtifact } from '#activities/modelJobs.ts';
import type { ArtifactManifest } from '#domain/artifact.ts';
import { sha256 } from '#domain/sha256.ts';
import { validationPlan } from '#console/start/validationPlan.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { createTrackedRuns, type TrackedRuns } from '#infra/mlflow/trackedRuns.ts';
import { readAgent } from '#models/agents/agentArtifact.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { asActivity } from '#test/asActivity.ts';
import { smallAgents, smallTrading } from '#test/unit/models/agents/smallAgents.ts';
import { playEnsemble } from '#workflows/playEnsemble.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { trainAgent } from '#workflows/trainAgent.ts';
import { failureCode } from '../failureCode.ts';
import { modelChildren } from '../models/trainingJobs.ts';
import { ingest, smallTraining, train } from './candidate.ts';
import { openHouse, type House } from './house.ts';
import { serve, type ServingWorkers } from './serve.ts';

let house: House;
let objects: ObjectStore;
let runs: TrackedRuns;
let snapshot: SnapshotReference;
let request: AgentTrainingRequest;
let registry: ModelRegistry & { close(): Promise<void> };
let running: ServingWorkers;
beforeAll(async () => {
  house = await openHouse(inject('stack'));
  objects = await openObjectStore(house.addresses.objects);
  runs = createTrackedRuns({ url: house.addresses.mlflow.url });
  registry = createMlflowRegistry({ url: house.addresses.mlflow.url });
  snapshot = await ingest(house, '2023-06-22');
  const { training: _, ...asked } = smallTraining(snapshot);
  request = {
    ...asked,
    agent: { ...smallAgents.sac, steps: 400, reportSteps: 100 },
    trading: { ...smallTrading, initialCash: 100_000, turbulenceQuantile: 0.99, episodeSessions: 60 },
  };
  const { agents } = house.world;
  const { lifecycle, training, validation } = taskQueues;
  running = await serve(house, { [lifecycle]: agents, [training]: agents, [validation]: agents });
});
afterAll(async () => {
  await running.stop();
  await Promise.all([runs.close(), registry.close()]);
  await house.stop();
});

function start(of: AgentTrainingRequest) {
  const workflowId = `train-${randomBytes(6).toString('hex')}`;
  return house.client.workflow.start(trainAgent, { workflowId, taskQueue: taskQueues.lifecycle, args: [of] });
}

async function filesOf({ artifactDigest }: AgentTrainingOutcome) {
  const { 'manifest.json': manifest, ...files } = await readArtifact(objects, artifactDigest);
  const digests = Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]);
  return { manifest: JSON.parse(new TextDecoder().decode(manifest)) as ArtifactManifest, digests };
}

test('a training whose process is killed resumes, and ends with the bytes of one that was never disturbed', async () => {
  const undisturbed = await (await start(request)).result();
  const mortal = { ...request, model: `${request.model}-b` };
  const identity = await asActivity(() => house.world.agents.identifyAgent(mortal));
  const checkpointKey = `trainings/${identity.trainingDigest}/checkpoint.bin`;
  const handle = await start(mortal);
  while (!(await objects.exists(checkpointKey))) await delay(10);
  const killed = modelChildren(process.pid);
  for (const pid of killed) process.kill(pid, 'SIGKILL');
  const resumed = await handle.result();
  expect(killed).toHaveLength(1);

  const { events } = await handle.fetchHistory();
  const attempts = (events ?? []).map(({ activityTaskStartedEventAttributes: started }) => started?.attempt ?? 0);
  expect(Math.max(...attempts)).toBeGreaterThan(1);
  const [a, b] = [await filesOf(undisturbed), await filesOf(resumed)];
  expect(b.digests).toEqual(a.digests);
  expect(resumed.figures).toEqual(undisturbed.figures);
  expect(Object.keys(undisturbed.figures)).toEqual(['sac', 'buy and hold', 'equal weight', 'cash']);
  expect(a.manifest).toMatchObject({
    snapshotDigest: request.snapshotDigest,
    featureDigest: identity.features.digest,
    seeds: { training: 3 },
    spec: { kind: 'sac', steps: 400, holdoutSessions: 63, forecaster: null },
    environment: { node: process.versions.node },
  });

  const [run] = await runs.find([resumed.mlflowRunId]);
  expect(run).toMatchObject({ status: 'FINISHED', params: { kind: 'sac', hidden: '[8,8]', forecaster: 'none' } });
  expect(run!.metrics['validation.sac.totalReturn']).toBeCloseTo(resumed.figures.sac!.totalReturn!, 9);
  expect(run!.metrics.validationReturn).toBeCloseTo(resumed.figures.sac!.totalReturn!, 9);

  const ensemble = await house.client.workflow.execute(playEnsemble, {
    workflowId: `ensemble-${randomBytes(6).toString('hex')}`,
    taskQueue: taskQueues.lifecycle,
    args: [{ training: request, artifactDigests: [undisturbed.artifactDigest, resumed.artifactDigest] }],
  });
  // Two agents of equal bytes decide together as each does alone.
  const alone = undisturbed.figures.sac!;
  expect(ensemble.figures).toEqual({
    'sac ensemble, average': alone,
    'sac ensemble, recent performance': alone,
  });
}, 300_000);

test('an agent is refused where forecasters are needed, and a forecaster that cannot inform it', async () => {
  const forecaster = await train(house, smallTraining(snapshot, 1));
  const named = { model: forecaster.model, version: forecaster.modelVersion };
  const informed = (more: Partial<AgentTrainingRequest>) =>
    failureCode(asActivity(() => house.world.agents.identifyAgent({ ...request, ...more })));
  expect(await informed({ beginWith: named })).toBe('MODEL_KIND_UNSUPPORTED');
  expect(await informed({ beginWith: { ...named, version: '99' } })).toBe('MODEL_UNKNOWN');
  expect(await informed({ forecaster: { model: request.model, version: '1' } })).toBe('MODEL_KIND_UNSUPPORTED');
  expect(await informed({ forecaster: named, holdoutSessions: 90 })).toBe('FORECASTER_UNFIT');
  const keptLess = { ...request.agent, validationFraction: 0.5 };
  expect(await informed({ forecaster: named, agent: keptLess })).toBe('FORECASTER_UNFIT');

  const plan = validationPlan(loadPlan('demonstration'), resolveSettings({ environment: {} }));
  const [version] = await registry.versions(request.model);
  const candidate = { ...forecaster, model: request.model, artifactDigest: version!.artifactDigest };
  const judged = { candidate, features: forecaster.features, training: smallTraining(snapshot).training, plan };
  expect(await failureCode(asActivity(() => house.world.validation.scoreCandidate(judged)))).toBe(
    'MODEL_KIND_UNSUPPORTED',
  );
});

test('an agent sees the forecasts of a forecaster, and begins with an agent that saw them', async () => {
  const forecaster = await train(house, smallTraining(snapshot, 1));
  const agent = { ...smallAgents.ppo, steps: 64, reportSteps: 64 };
  const named = { model: forecaster.model, version: forecaster.modelVersion };
  const told = { ...request, model: `${request.model}-told`, agent, forecaster: named };
  const first = await (await start(told)).result();
  const { manifest } = await filesOf(first);
  expect(manifest.spec).toMatchObject({ forecaster: forecaster.artifactDigest, beginWith: null });
  // Of each of the six stocks price, shares, features and the forecast.
  const files = await readArtifact(objects, first.artifactDigest);
  expect(readAgent(files).observationSize).toBe(1 + 6 * (2 + request.features.features.length + 1));

  const beginWith = { model: told.model, version: first.modelVersion };
  const second = await (await start({ ...told, beginWith })).result();
  expect(second.artifactDigest).not.toBe(first.artifactDigest);
  expect((await filesOf(second)).manifest.spec).toMatchObject({ beginWith: first.artifactDigest });
});
