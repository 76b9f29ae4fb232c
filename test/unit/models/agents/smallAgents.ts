import type { AgentSpec, AgentTradingSpec } from '#models/agents/agentSpec.ts';
import type { AgentMarkets } from '#models/agents/tradingAgent.ts';
import type { StockMarket } from '#models/environment/stockMarket.ts';
import { RandomSource } from '#models/randomSource.ts';

/** Two stocks that wander by a seed, with one indicator that knows nothing. */
export function wanderingMarket(seed: number, sessions = 40): StockMarket {
  const random = new RandomSource(seed, 0);
  const steps = random.fillNormal(new Float32Array(2 * sessions));
  const prices = new Float64Array(2 * sessions);
  for (const [at, step] of steps.entries()) prices[at] = (prices[at - 2] ?? 50) * Math.exp(0.02 * step);
  const indicators = Float64Array.from(random.fillNormal(new Float32Array(2 * sessions)));
  return { sessions, stocks: 2, prices, indicators };
}

/** Markets of seconds. */
export const smallMarkets: AgentMarkets = {
  training: wanderingMarket(1),
  validation: wanderingMarket(2, 25),
  turbulenceThreshold: null,
};

/** Rules under which two stocks are traded by the dozen. */
export const smallTrading: AgentTradingSpec = {
  initialCash: 10_000,
  sharesMax: 20,
  buyCostFraction: 0.001,
  sellCostFraction: 0.001,
  rewardScale: 0.001,
  holdingFractionMax: 0.6,
  turbulenceQuantile: null,
  episodeSessions: 10,
};

const run = { reportSteps: 40, environments: 2, validationFraction: 0.2, gamma: 0.99, seed: 3 };
const buffer = { bufferSize: 1_000, learningStarts: 20, trainFrequency: 1, gradientSteps: 1 };

/** A small agent of each kind. */
export const smallAgents: Readonly<Record<AgentSpec['kind'], AgentSpec>> = {
  sac: {
    kind: 'sac',
    ...run,
    ...buffer,
    steps: 130,
    hidden: [8, 8],
    learningRate: 3e-3,
    batchSize: 16,
    tau: 0.01,
    targetUpdateInterval: 1,
  },
  ppo: {
    kind: 'ppo',
    ...run,
    steps: 130,
    hidden: [8],
    learningRate: 3e-3,
    rolloutSteps: 16,
    batchSize: 16,
    epochs: 2,
    lambda: 0.95,
    clipRange: 0.2,
    valueWeight: 0.5,
    entropyWeight: 0,
    clipNorm: 0.5,
  },
  dqn: {
    kind: 'dqn',
    ...run,
    ...buffer,
    steps: 130,
    tokens: 3,
    width: 4,
    heads: 2,
    blocks: 1,
    feedForward: 8,
    learningRate: 1e-3,
    batchSize: 16,
    rewardSteps: 2,
    isDouble: true,
    isDueling: true,
    replay: 'prioritised',
    targetUpdateInterval: 10,
    tau: 1,
    explorationFinal: 0.05,
    explorationFraction: 0.5,
    clipNorm: 10,
  },
};
