import { describe, expect, it } from 'vitest';
import type { Agent } from '#models/agents/agent.ts';
import { DqnAgent } from '#models/agents/dqn.ts';
import { PpoAgent, publishedPpoSettings } from '#models/agents/ppo.ts';
import { publishedSacSettings, SacAgent } from '#models/agents/sac.ts';
import { episodeReturns, trainAgent } from '#models/agents/trainAgent.ts';
import type { VectorEnvironment } from '#models/environment/environment.ts';
import { SingleOrders } from '#models/environment/singleOrders.ts';
import type { StockMarket } from '#models/environment/stockMarket.ts';
import { StockTradingEnvironment } from '#models/environment/stockTrading.ts';
import { trainingEnds } from './agentRules.ts';

/** Two stocks: one rises a percent a session, one falls; nothing else is to be known. */
const market: StockMarket = {
  sessions: 30,
  stocks: 2,
  prices: Float64Array.from({ length: 60 }, (_, at) => 10 * (at % 2 === 0 ? 1.01 : 0.99) ** Math.floor(at / 2)),
  indicators: new Float64Array(60),
  predictions: Float64Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? 0.01 : -0.01)),
};
const trading = (): StockTradingEnvironment =>
  new StockTradingEnvironment(market, {
    environments: 2,
    initialCash: 1_000,
    sharesMax: 20,
    buyCostFraction: 0.001,
    sellCostFraction: 0.001,
    rewardScale: 0.01,
    observation: 'scaled',
    episodeSessions: 10,
  });
const sizes = { environments: 2, observationSize: 9 };

interface Trader {
  readonly agent: Agent;
  readonly environment: VectorEnvironment;
}
const traders: Readonly<Record<string, () => Promise<Trader>>> = {
  'soft actor-critic': async () => {
    const settings = { ...publishedSacSettings, hidden: [8], batchSize: 16, learningStarts: 20, seed: 1 };
    return { agent: await SacAgent.create({ ...sizes, actionSize: 2 }, settings), environment: trading() };
  },
  'proximal policy optimisation': async () => {
    const settings = { ...publishedPpoSettings, hidden: [8], rolloutSteps: 16, batchSize: 16, seed: 1 };
    const environment = trading();
    return { agent: await PpoAgent.create(sizes, environment.actions, settings), environment };
  },
  'an attention deep Q-network': async () => {
    const agent = await DqnAgent.create(
      { ...sizes, actionSize: 5 },
      {
        tokens: 3,
        width: 4,
        heads: 2,
        blocks: 1,
        feedForward: 8,
        learningRate: 1e-3,
        bufferSize: 1_000,
        learningStarts: 20,
        batchSize: 16,
        gamma: 0.99,
        rewardSteps: 2,
        isDouble: true,
        isDueling: true,
        trainFrequency: 1,
        gradientSteps: 1,
        targetUpdateInterval: 10,
        tau: 1,
        explorationFinal: 0.05,
        explorationSteps: 100,
        clipNorm: 10,
        seed: 1,
      },
    );
    return { agent, environment: new SingleOrders(trading()) };
  },
};

describe('an agent that trades stocks', () => {
  it.each(Object.entries(traders))(
    '%s ends the same, bit for bit, when its run is repeated or resumed with the market',
    async (_, begin) => {
      const { undisturbed, repeated, resumed } = await trainingEnds(begin, 120);
      expect([repeated, resumed]).toEqual([undisturbed, undisturbed]);
    },
    60_000,
  );

  it('gains where one stock rises for ever: it learnt to hold it', async () => {
    const { agent, environment } = await traders['proximal policy optimisation']!();
    const chance = episodeReturns(agent, environment, { episodes: 20, seed: 5 });
    trainAgent({ agent, environment, steps: 8_000, seed: 1 });
    const learnt = episodeReturns(agent, environment, { episodes: 20, seed: 5 });
    agent.dispose();
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(learnt)).toBeGreaterThan(0.15);
    expect(mean(learnt)).toBeGreaterThan(mean(chance));
  }, 120_000);
});

describe('single orders', () => {
  it('rest, buy and sell one stock a choice', () => {
    const inner = trading();
    const orders = new SingleOrders(inner);
    orders.reset(3);
    expect(orders.actions).toEqual({ kind: 'discrete', count: 5 });
    orders.step(Float32Array.of(1, 2));
    expect(inner.accounts.map(({ shares }) => [...shares])).toEqual([
      [20, 0],
      [0, 20],
    ]);
    orders.step(Float32Array.of(0, 4));
    expect(inner.accounts.map(({ shares }) => [...shares])).toEqual([
      [20, 0],
      [0, 0],
    ]);
    orders.step(Float32Array.of(3, 1));
    expect(inner.accounts.map(({ shares }) => [...shares])).toEqual([
      [0, 0],
      [20, 0],
    ]);
    expect(() => orders.step(Float32Array.of(5, 0))).toThrow(RangeError);
    expect(() => new SingleOrders(orders)).toThrow(/choices already/);
  });
});
