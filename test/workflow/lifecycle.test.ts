import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckedBars, FetchedBars, MarketDataActivities } from '#activities/marketDataActivities.ts';
import type { TrainingActivities, TrainingRequest } from '#activities/trainingActivities.ts';
import type { ValidationActivities, ValidationPlan } from '#activities/validationActivities.ts';
import type { WatchActivities } from '#activities/watchActivities.ts';
import { validationPlan } from '#console/start/validationPlan.ts';
import { digest } from '#domain/digest.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { ingestMarketData } from '#workflows/ingestMarketData.ts';
import { modelLifecycle, type LifecyclePlan } from '#workflows/modelLifecycle.ts';
import { trainModel } from '#workflows/trainModel.ts';
import { validateModel } from '#workflows/validateModel.ts';
import { watchModel } from '#workflows/watchModel.ts';
import { startWorkflowTests, type WorkflowTests } from './environment.ts';

const a = digest('a'.repeat(64));
const plan = loadPlan('demonstration');
const training: TrainingRequest = {
  model: 'forecaster',
  author: 'ann',
  snapshotDigest: a,
  features: plan.features,
  training: plan.training,
  holdoutSessions: 63,
};
const features = { digest: a, snapshotDigest: a, objectKey: 'features', rows: 10, names: ['return1'] };
const candidate = { model: 'forecaster', modelVersion: '1', mlflowRunId: 'run', artifactDigest: a, author: 'ann' };
const ingest = { dataset: 'sample-daily', asOf: '2023-06-22' };
const judged: ValidationPlan = validationPlan(plan, resolveSettings({ environment: {} }));

let tests: WorkflowTests;
beforeAll(async () => {
  tests = await startWorkflowTests();
});
afterAll(() => tests.stop());

/** Activities that answer at once and write down what was asked, in order. */
function world(windows = 6) {
  const calls: string[] = [];
  const load = { now: 0, most: 0 };
  const says =
    <Answer>(name: string, answer: Answer) =>
    (): Promise<Answer> => {
      calls.push(name);
      return Promise.resolve(answer);
    };
  const fetched: FetchedBars = { ...ingest, provider: 'test', origin: '-', barsKey: 'b', benchmarkKey: 'c', rows: 10 };
  const checked: CheckedBars = {
    ...ingest,
    digest: a,
    symbols: ['AAPL'],
    rows: 10,
    firstSession: '2013-01-02',
    findings: 0,
    manifestKey: 'm',
    report: 's3://bucket/report.html',
  };
  const activities: MarketDataActivities & TrainingActivities & ValidationActivities & WatchActivities = {
    fetchBars: says('fetch', fetched),
    checkBars: says('check', checked),
    publishSnapshot: says('publish', { ...ingest, digest: a, symbols: ['AAPL'], rows: 10 }),
    identifyTraining: says('identify', { trainingDigest: a, features }),
    openTrainingRun: says('open', { request: training, identity: { trainingDigest: a, features }, mlflowRunId: 'run' }),
    trainForecaster: says('train', {
      artifactDigest: a,
      objectPrefix: 'p',
      samplesPerSecond: 1,
      epochs: 1,
      validationLoss: 1,
    }),
    compareBaselines: says('baselines', {}),
    registerCandidate: says('register', candidate),
    planWalkForward: says('plan', {
      planDigest: a,
      windows: Array.from({ length: windows }, (_, index) => ({
        index,
        trainFrom: '2013-01-02',
        trainTo: '2014-01-02',
        testFrom: '2014-01-03',
        testTo: '2014-04-03',
      })),
    }),
    judgeWindow: async (_, { index }) => {
      load.now += 1;
      load.most = Math.max(load.most, load.now);
      await new Promise((done) => setTimeout(done, 20 * (windows - index)));
      load.now -= 1;
      return { index, resultKey: `window-${index}`, sharpe: 1 };
    },
    scoreCandidate: says('score', { resultKey: 'h', sharpe: 1 }),
    reportValidation: (_, { windows: judged }) => {
      calls.push(`report ${judged.map(({ index }) => index).join()}`);
      const figures = { windows: judged.length, meanSharpe: 1, stdSharpe: 0, minSharpe: 1 };
      return Promise.resolve({ ...figures, figures: {}, modelCardKey: 'c', tearSheetKey: 't' });
    },
    examineChampion: says('examine', {
      featureDrift: 0.1,
      driftedFeature: 'x',
      returnGapInErrors: null,
      verdict: 'healthy',
    }),
    recordWatch: says('recordWatch', undefined),
  };
  return { activities, calls, load };
}

describe('ingestMarketData', () => {
  it('fetches, checks, then publishes', async () => {
    const { activities, calls } = world();
    await tests.run(activities, async () => {
      const handle = await tests.start(ingestMarketData, [ingest]);
      expect((await handle.result()).digest).toBe(a);
      await tests.record(handle, 'ingestMarketData');
    });
    expect(calls).toEqual(['fetch', 'check', 'publish']);
  });

  it('publishes nothing when the data contract is broken', async () => {
    const { activities, calls } = world();
    const broken = () => Promise.reject(ApplicationFailure.nonRetryable('no symbol passed', 'DATA_CONTRACT_BROKEN'));
    await tests.run({ ...activities, checkBars: broken }, async () => {
      await expect((await tests.start(ingestMarketData, [ingest])).result()).rejects.toThrow(
        'Workflow execution failed',
      );
    });
    expect(calls).toEqual(['fetch']);
  });
});

describe('trainModel', () => {
  it('fixes the identity before it opens a run, and registers last', async () => {
    const { activities, calls } = world();
    await tests.run(activities, async () => {
      const handle = await tests.start(trainModel, [training]);
      expect(await handle.result()).toMatchObject(candidate);
      await tests.record(handle, 'trainModel');
    });
    expect(calls).toEqual(['identify', 'open', 'train', 'baselines', 'register']);
  });
});

describe('validateModel', () => {
  it('judges at most four windows at a time and reports them in order', async () => {
    const { activities, calls, load } = world(9);
    await tests.run(activities, async () => {
      const request = { candidate, features, training: plan.training, plan: judged };
      const handle = await tests.start(validateModel, [request]);
      expect((await handle.result()).windows).toBe(9);
      await tests.record(handle, 'validateModel');
    });
    expect(load.most).toBeLessThanOrEqual(4);
    expect(load.most).toBeGreaterThan(1);
    expect(calls).toEqual(['plan', 'score', 'report 0,1,2,3,4,5,6,7,8']);
  });
});

describe('modelLifecycle', () => {
  it('ends at the gate with children under their business ids, and a second start is refused', async () => {
    const { activities } = world();
    const model = tests.unique('forecaster');
    const lifecycle: LifecyclePlan = {
      ...ingest,
      training: { ...training, model },
      validation: judged,
      promotion: {
        request: 'first',
        honestGate: plan.gates.honest,
        approvalsRequired: 2,
        reviewTimeoutMs: 1,
        reminderIntervalMs: 1,
      },
      specDigest: a,
      planDigest: a,
      lifecycleDigest: a,
    };
    const promotion = { readFigures: () => Promise.resolve({}), recordDecision: () => Promise.resolve() };
    await tests.run({ ...activities, ...promotion }, async () => {
      const id = tests.unique('lifecycle');
      const handle = await tests.start(modelLifecycle, [lifecycle], id);
      await expect(tests.start(modelLifecycle, [lifecycle], id)).rejects.toThrow(/already/i);
      expect((await handle.result()).promotion.decision).toBe('gateFailed');
      const child = tests.environment.client.workflow.getHandle(`promote:${model}:1:first`);
      expect((await child.describe()).status.name).toBe('COMPLETED');
      await tests.record(handle, 'modelLifecycle');
    });
  });
});

describe('watchModel', () => {
  it('writes down what it found', async () => {
    const { activities, calls } = world();
    await tests.run(activities, async () => {
      const request = { model: 'forecaster', account: 'paper', dataset: 'sample-daily', asOf: '2023-06-22' };
      const handle = await tests.start(watchModel, [request]);
      expect((await handle.result()).verdict).toBe('healthy');
      await tests.record(handle, 'watchModel');
    });
    expect(calls).toEqual(['examine', 'recordWatch']);
  });
});
