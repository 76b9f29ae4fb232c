import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApplicationFailure } from '@temporalio/common';
import type { AgentActivities, AgentTrainingRequest, TraderFigures } from '#activities/agentActivities.ts';
import { digest } from '#domain/digest.ts';
import { smallAgents, smallTrading } from '#test/unit/models/agents/smallAgents.ts';
import { playEnsemble } from '#workflows/playEnsemble.ts';
import { trainAgent } from '#workflows/trainAgent.ts';
import { startWorkflowTests, type WorkflowTests } from './environment.ts';

const a = digest('a'.repeat(64));
const features = { digest: a, snapshotDigest: a, objectKey: 'features', rows: 10, names: ['return1'] };
const figures: TraderFigures = {
  sac: { totalReturn: 0.1, sharpe: 1, maximumDrawdown: 0.05, turnover: 3, costs: 0.002 },
};

let tests: WorkflowTests;
beforeAll(async () => {
  tests = await startWorkflowTests();
});
afterAll(() => tests.stop());

function request(): AgentTrainingRequest {
  const model = tests.unique('sac');
  const trained = { agent: smallAgents.sac, trading: smallTrading, holdoutSessions: 63 };
  return { model, author: 'ann', snapshotDigest: a, features: { features: [] }, ...trained };
}

/** Activities that write down the order in which they were called. */
function world(trained: () => Promise<void> = () => Promise.resolve()) {
  const called: string[] = [];
  const activities: AgentActivities = {
    identifyAgent: () => {
      called.push('identify');
      return Promise.resolve({ trainingDigest: a, features });
    },
    openAgentRun: (given, identity) => {
      called.push('open');
      return Promise.resolve({ request: given, identity, mlflowRunId: 'run' });
    },
    trainAgent: async ({ mlflowRunId }) => {
      called.push(`train ${mlflowRunId}`);
      await trained();
      return { artifactDigest: a, objectPrefix: 'p', steps: 130, stepsPerSecond: 9, figures };
    },
    registerAgent: ({ request: { model, author } }, { artifactDigest }) => {
      called.push('register');
      return Promise.resolve({ model, modelVersion: '1', mlflowRunId: 'run', artifactDigest, author });
    },
    playTogether: ({ artifactDigests }) => {
      called.push(`play ${artifactDigests.length}`);
      return Promise.resolve({ mlflowRunId: 'together', figures });
    },
  };
  return { activities, called };
}

describe('trainAgent', () => {
  it('trains, then registers, and answers the figures beside the candidate', async () => {
    const { activities, called } = world();
    await tests.run(activities, async () => {
      const handle = await tests.start(trainAgent, [request()]);
      expect(await handle.result()).toMatchObject({ modelVersion: '1', artifactDigest: a, steps: 130, figures });
      await tests.record(handle, 'trainAgent');
    });
    expect(called).toEqual(['identify', 'open', 'train run', 'register']);
  });

  it('trains again when the process died under it (MODEL_PROCESS_DIED), and registers nothing that diverged', async () => {
    let attempts = 0;
    const mortal = world(() => {
      attempts += 1;
      if (attempts < 3) throw ApplicationFailure.retryable('killed', 'MODEL_PROCESS_DIED');
      return Promise.resolve();
    });
    await tests.run(mortal.activities, async () => {
      const handle = await tests.start(trainAgent, [request()]);
      expect(await handle.result()).toMatchObject({ modelVersion: '1' });
    });
    expect(mortal.called.filter((one) => one.startsWith('train'))).toHaveLength(3);

    const wild = world(() => {
      throw ApplicationFailure.nonRetryable('not finite', 'TRAINING_DIVERGED');
    });
    await tests.run(wild.activities, async () => {
      const handle = await tests.start(trainAgent, [request()]);
      await expect(handle.result()).rejects.toMatchObject({ cause: { cause: { type: 'TRAINING_DIVERGED' } } });
    });
    expect(wild.called).not.toContain('register');
  });
});

describe('playEnsemble', () => {
  it('plays every agent it is given', async () => {
    const { activities, called } = world();
    await tests.run(activities, async () => {
      const handle = await tests.start(playEnsemble, [{ training: request(), artifactDigests: [a, a, a] }]);
      expect(await handle.result()).toEqual({ mlflowRunId: 'together', figures });
      await tests.record(handle, 'playEnsemble');
    });
    expect(called).toEqual(['identify', 'play 3']);
  });
});
