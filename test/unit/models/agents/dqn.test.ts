import { describe, expect, it } from 'vitest';
import { DqnAgent, type DqnSettings } from '#models/agents/dqn.ts';
import { episodeReturns, trainAgent } from '#models/agents/trainAgent.ts';
import { cartPole } from '#models/environment/cartPole.ts';
import { KnownTask } from '#models/environment/knownTask.ts';
import { leftBehind, trainingEnds, type Begin } from './agentRules.ts';

const plain: DqnSettings = {
  tokens: 4,
  width: 8,
  heads: 2,
  blocks: 1,
  feedForward: 16,
  learningRate: 1e-3,
  bufferSize: 50_000,
  learningStarts: 50,
  batchSize: 16,
  gamma: 0.99,
  rewardSteps: 1,
  isDouble: false,
  isDueling: false,
  trainFrequency: 1,
  gradientSteps: 1,
  targetUpdateInterval: 100,
  tau: 1,
  explorationFinal: 0.04,
  explorationSteps: 400,
  clipNorm: 10,
  seed: 3,
};
const small: DqnSettings = {
  ...plain,
  rewardSteps: 3,
  isDouble: true,
  isDueling: true,
  priorities: { alpha: 0.6, beta: 0.4, betaSteps: 100 },
};
const begin =
  (settings: DqnSettings, environments: number): Begin =>
  async () => {
    const environment = new KnownTask(cartPole, environments);
    return { agent: await DqnAgent.create({ environments, observationSize: 4, actionSize: 2 }, settings), environment };
  };

describe('an attention deep Q-network', () => {
  // Chance is about 20, the best 500. A training this short is held to 60.
  it('balances the pole for longer than chance', async () => {
    const settings = {
      ...small,
      width: 16,
      feedForward: 64,
      batchSize: 64,
      learningStarts: 500,
      explorationSteps: 3_000,
    };
    const { agent, environment } = await begin({ ...settings, seed: 0 }, 4)();
    trainAgent({ agent, environment, steps: 8_000, seed: 0 });
    const returns = episodeReturns(agent, environment, { episodes: 16, seed: 99 });
    agent.dispose();
    expect(returns.reduce((sum, value) => sum + value, 0) / returns.length).toBeGreaterThan(60);
  }, 240_000);

  it.each([
    ['with every option', small],
    ['with none', plain],
  ])(
    'gives the same agent bit for bit, repeated, and interrupted and resumed: %s',
    async (_, settings) => {
      const { undisturbed, repeated, resumed, halfway } = await trainingEnds(begin(settings, 2), 200);
      expect([repeated, resumed]).toEqual([undisturbed, undisturbed]);
      expect(halfway).not.toBe(undisturbed);
    },
    60_000,
  );

  it('keeps no tensor and no memory over a thousand updates', async () => {
    const { residentBytes, ...tensors } = await leftBehind(begin(small, 1), 1_050);
    expect(tensors).toEqual({ tensors: 0, tensorBytes: 0 });
    expect(residentBytes).toBeLessThan(64 * 1_024 * 1_024);
  }, 120_000);

  it.each([
    ['with every option', small],
    ['with none', plain],
  ])('learns the value of a lasting reward: %s', async (_, settings) => {
    // One step an episode, worth 1 by the second choice and 0 by the first.
    const pay = new KnownTask(
      {
        stateSize: 1,
        observationSize: 4,
        stepsMax: 5,
        actions: { kind: 'discrete', count: 2 },
        begin: () => undefined,
        advance: (_state, action) => ({ reward: action, isTerminal: true }),
        observe: (_state, into) => void into.fill(1),
      },
      2,
    );
    const { agent } = await begin({ ...settings, learningRate: 3e-3 }, 2)();
    let value = 0;
    const onUpdate = (figures: Readonly<Record<string, number>>): void => void (value = figures.value!);
    trainAgent({ agent, environment: pay, steps: 800, seed: 1, onUpdate });
    const returns = episodeReturns(agent, pay, { episodes: 4, seed: 2 });
    agent.dispose();
    expect(returns).toEqual([1, 1, 1, 1]);
    expect(value).toBeGreaterThan(0.3);
    expect(value).toBeLessThan(1.1);
  });

  it('explores less and less, and not at all when it exploits', async () => {
    const { agent, environment } = await begin({ ...small, learningStarts: 1_000, explorationFinal: 0 }, 4)();
    const seen = environment.observations.slice();
    const unlike = (): number => {
      const best = agent.act(seen, 'exploit');
      const drawn = Array.from({ length: 100 }, () => agent.act(seen, 'explore'));
      return drawn.reduce((sum, actions) => sum + actions.filter((action, at) => action !== best[at]).length, 0) / 400;
    };
    const first = unlike();
    trainAgent({ agent, environment, steps: 400, seed: 1 });
    const last = unlike();
    agent.dispose();
    expect(first).toBeCloseTo(0.5, 1);
    expect(last).toBe(0);
  });

  it('refuses heads that cannot share the channels (MODEL_SHAPE_MISMATCH)', () =>
    expect(begin({ ...small, heads: 3 }, 1)()).rejects.toMatchObject({ code: 'MODEL_SHAPE_MISMATCH' }));
});
