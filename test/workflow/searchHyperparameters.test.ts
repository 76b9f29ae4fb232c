import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchActivities, SearchRequest, TrialOutcome } from '#activities/searchActivities.ts';
import type { TrainingActivities, TrainingRequest } from '#activities/trainingActivities.ts';
import { digest } from '#domain/digest.ts';
import type { SearchPlan } from '#domain/searchSpace.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import { searchHyperparameters } from '#workflows/searchHyperparameters.ts';
import { startWorkflowTests, type WorkflowTests } from './environment.ts';

const a = digest('a'.repeat(64));
const demonstration = loadPlan('demonstration');
const plan: SearchPlan = {
  space: { units: { kind: 'choice', values: [4, 8, 16] } },
  sampler: 'tpe',
  trials: 7,
  parallel: 3,
  halving: { epochsMin: 2, factor: 2 },
  seed: 7,
};

let tests: WorkflowTests;
beforeAll(async () => {
  tests = await startWorkflowTests();
});
afterAll(() => tests.stop());

function request(): SearchRequest {
  return {
    base: {
      model: tests.unique('forecaster'),
      author: 'ann',
      snapshotDigest: a,
      features: demonstration.features,
      training: { ...demonstration.training, epochs: 8 },
      holdoutSessions: 63,
    },
    plan,
  };
}

/** Activities that write down what was asked; a trial's loss is told by its number. */
function world(lossOf: (trial: number) => number | null) {
  const asked: string[] = [];
  const closed: (readonly TrialOutcome[])[] = [];
  let trained: TrainingRequest | undefined;
  const features = { digest: a, snapshotDigest: a, objectKey: 'features', rows: 10, names: ['return1'] };
  const activities: SearchActivities & TrainingActivities = {
    openSearch: (given) => Promise.resolve({ request: given, searchDigest: a, features, mlflowRunId: 'search-run' }),
    proposeTrials: (_, { numbers, finished }) => {
      asked.push(`propose ${numbers.join()} after ${finished.length}`);
      return Promise.resolve(numbers.map((trial) => ({ trial, point: { units: 4 * (trial + 1) } })));
    },
    runTrial: async (_, trial, untilEpoch) => {
      // The later ones of a batch are over first.
      await new Promise((done) => setTimeout(done, 40 - 5 * trial.trial));
      asked.push(`train ${trial.trial} until ${untilEpoch}`);
      return { ...trial, loss: lossOf(trial.trial), epochs: untilEpoch, mlflowRunId: `run-${trial.trial}` };
    },
    closeSearch: (_, outcomes) => {
      closed.push(outcomes);
      return Promise.resolve();
    },
    identifyTraining: (given) => {
      trained = given;
      return Promise.resolve({ trainingDigest: a, features });
    },
    openTrainingRun: (given, identity) => Promise.resolve({ request: given, identity, mlflowRunId: 'run' }),
    trainForecaster: () =>
      Promise.resolve({ artifactDigest: a, objectPrefix: 'p', samplesPerSecond: 1, epochs: 1, validationLoss: 1 }),
    compareBaselines: () => Promise.resolve({}),
    registerCandidate: ({ request: { model, author } }) =>
      Promise.resolve({ model, modelVersion: '1', mlflowRunId: 'run', artifactDigest: a, author }),
  };
  return { activities, asked, closed, trained: () => trained };
}

describe('searchHyperparameters', () => {
  it('proposes in batches, halves rung by rung, and trains the best to a candidate that knows the trials', async () => {
    const { activities, asked, closed, trained } = world((trial) => (trial % 3 === 2 ? null : 10 - trial));
    await tests.run(activities, async () => {
      const handle = await tests.start(searchHyperparameters, [request()]);
      const outcome = await handle.result();
      expect(outcome.best).toEqual({ units: 28 });
      expect(outcome.trials.map(({ trial, epochs }) => [trial, epochs])).toEqual([
        [0, 2],
        [1, 2],
        [2, 2],
        [3, 4],
        [4, 4],
        [5, 2],
        [6, 8],
      ]);
      await tests.record(handle, 'searchHyperparameters');
    });
    expect(asked.filter((one) => one.startsWith('propose'))).toEqual([
      'propose 0,1,2 after 0',
      'propose 3,4,5 after 3',
      'propose 6 after 6',
    ]);
    // Of seven, three go on, one of which is trained to the end.
    const trainedOn = asked.filter((one) => one.startsWith('train') && !one.endsWith('until 2')).toSorted();
    expect(trainedOn).toEqual(['train 3 until 4', 'train 4 until 4', 'train 6 until 4', 'train 6 until 8']);
    expect(closed).toHaveLength(1);
    expect(trained()).toMatchObject({
      training: { units: 28 },
      search: { searchDigest: a, mlflowRunId: 'search-run', trials: 7 },
    });
  });

  it('registers nothing when every trial diverged (SEARCH_FRUITLESS)', async () => {
    const { activities, closed, trained } = world(() => null);
    await tests.run(activities, async () => {
      const handle = await tests.start(searchHyperparameters, [request()]);
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'SEARCH_FRUITLESS' } });
    });
    expect(closed[0]).toHaveLength(7);
    expect(trained()).toBeUndefined();
  });
});
