import type { Agent } from '#models/agents/agent.ts';
import { PpoAgent, publishedPpoSettings } from '#models/agents/ppo.ts';
import { publishedSacSettings, SacAgent } from '#models/agents/sac.ts';
import { episodeReturns, trainAgent } from '#models/agents/trainAgent.ts';
import { cartPole } from '#models/environment/cartPole.ts';
import { KnownTask, type TaskEquations } from '#models/environment/knownTask.ts';
import { pendulum } from '#models/environment/pendulum.ts';
import { StockTradingEnvironment } from '#models/environment/stockTrading.ts';
import { RandomSource } from '#models/randomSource.ts';
import { formulaActions, returnsMarket, returnsShape } from './returnsMarket.ts';

/** What is measured. */
export type RlCase = 'env' | 'sac' | 'ppo' | 'pendulum' | 'cartpole';

/** What a pass found, to be compared with the peer's. */
export type RlCheck = Readonly<Record<string, number>>;

/** Steps of a pass. */
export const stepsOfPass = { env: 1_000, sac: 200, ppo: 2_048, pendulum: 10_000, cartpole: 100_000 } as const;

/** Sizes of the published benchmark: what is seen, and numbers of an action. */
const [observationSize, actionSize] = [291, 30];

/** Makes a case ready; each pass is one call. */
export async function prepareCase(kind: RlCase, returnsFile: string): Promise<(seed: number) => Promise<RlCheck>> {
  switch (kind) {
    case 'env':
      return tradingPasses(returnsFile);
    case 'sac': {
      const settings = { ...publishedSacSettings, bufferSize: 20_000, learningStarts: 300, seed: 0 };
      const agent = await SacAgent.create({ environments: 1, observationSize, actionSize }, settings);
      trainAgent({ agent, environment: noiseTask(), steps: 500, seed: 0 });
      return trainingPasses(agent, stepsOfPass.sac);
    }
    case 'ppo': {
      const settings = { ...publishedPpoSettings, hidden: [256, 256], batchSize: 256, seed: 0 };
      const agent = await PpoAgent.create({ environments: 1, observationSize }, noiseEquations().actions, settings);
      return trainingPasses(agent, stepsOfPass.ppo);
    }
    case 'pendulum':
      return solvePendulum;
    case 'cartpole':
      break;
  }
  return solveCartPole;
}

/** A thousand steps with formula actions: 30 stocks, 8 indicators, as FinRL's own environment is asked to take. */
function tradingPasses(returnsFile: string): (seed: number) => Promise<RlCheck> {
  const stocks = 30;
  const market = returnsMarket(returnsFile, { stocks, sessions: 2_520, total: returnsShape[1] }, 8);
  const environment = new StockTradingEnvironment(market, {
    environments: 1,
    initialCash: 1_000_000,
    sharesMax: 128,
    buyCostFraction: 0.001,
    sellCostFraction: 0.001,
    rewardScale: 1e-4,
    observation: 'raw',
  });
  const actions = Array.from({ length: stepsOfPass.env }, (_, step) => formulaActions(step, stocks));
  return () => {
    environment.reset(0);
    for (const order of actions) environment.step(order);
    const { assets, trades } = environment.accounts[0]!;
    return Promise.resolve({ assets, trades });
  };
}

function trainingPasses(agent: Agent, steps: number): (seed: number) => Promise<RlCheck> {
  const environment = noiseTask();
  return () => {
    trainAgent({ agent, environment, steps, seed: 0 });
    return Promise.resolve({ steps });
  };
}

/** A task that costs nothing to step: what is measured is the agent. */
function noiseEquations(): TaskEquations {
  const rows = 1_024;
  const noise = new RandomSource(0, 0).fillNormal(new Float32Array(rows * observationSize));
  let row = 0;
  return {
    stateSize: 1,
    observationSize,
    actions: { kind: 'continuous', size: actionSize },
    stepsMax: 2_520,
    begin: () => undefined,
    advance: (_, action) => ({ reward: action, isTerminal: false }),
    observe(_, into) {
      row = (row + 1) % rows;
      into.set(noise.subarray(row * observationSize, (row + 1) * observationSize));
    },
  };
}

/** The task hands only the first number of an action on; the equations take one, the agent gives all. */
function noiseTask(): KnownTask {
  return new KnownTask(noiseEquations(), 1);
}

async function solvePendulum(seed: number): Promise<RlCheck> {
  const settings = { ...publishedSacSettings, hidden: [64, 64], batchSize: 128, learningRate: 1e-3, seed };
  const environment = new KnownTask(pendulum, 1);
  const agent = await SacAgent.create({ environments: 1, observationSize: 3, actionSize: 1 }, settings);
  trainAgent({ agent, environment, steps: stepsOfPass.pendulum, seed });
  return judged(agent, environment);
}

async function solveCartPole(seed: number): Promise<RlCheck> {
  const environment = new KnownTask(cartPole, 8);
  const agent = await PpoAgent.create(environment, cartPole.actions, {
    ...publishedPpoSettings,
    rolloutSteps: 32,
    batchSize: 256,
    epochs: 20,
    gamma: 0.98,
    lambda: 0.8,
    learningRate: 1e-3,
    annealOverSteps: stepsOfPass.cartpole,
    seed,
  });
  trainAgent({ agent, environment, steps: stepsOfPass.cartpole, seed });
  return judged(agent, environment);
}

function judged(agent: Agent, environment: KnownTask): RlCheck {
  const returns = episodeReturns(agent, environment, { episodes: 20, seed: 1_000 });
  agent.dispose();
  return { meanReturn: returns.reduce((sum, value) => sum + value, 0) / returns.length };
}
