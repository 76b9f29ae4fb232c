import type { StockMarket } from '../environment/stockMarket.ts';
import { MarketWalk, type PlayedAccount } from '../environment/marketWalk.ts';
import type { TradingRules } from '../environment/stockTrading.ts';
import type { Floats } from '../graph/graphSession.ts';
import { requireParity } from '../serving.ts';
import type { Agent, LearningFigures } from './agent.ts';
import { loadPolicy, policyInOnnx, type PolicyShape } from './agentPolicy.ts';
import type { AgentSpec, AgentTradingSpec } from './agentSpec.ts';
import { agentEnvironment, createAgent } from './createAgent.ts';
import { tradingRules } from './tradingRules.ts';
import { AgentRun, type AgentTrainingState, type EpisodeReport } from './trainAgent.ts';

/** The markets of a training: the second comes after the first in time, and only scores. */
export interface AgentMarkets {
  readonly training: StockMarket;
  readonly validation: StockMarket;
  /** From the training part alone; null where turbulence is not looked at. */
  readonly turbulenceThreshold: number | null;
}

/** What a stretch of steps brought. Returns are fractions of the first cash. */
export interface AgentReport {
  /** Steps so far, over all environments. */
  readonly steps: number;
  /** Mean of the episodes that ended in the stretch; null when none did. */
  readonly trainingReturn: number | null;
  /** Of one account through the validation part, without chance. */
  readonly validationReturn: number;
  readonly stepsPerSecond: number;
  /** Mean of each figure over the stretch's updates; none where there was no update. */
  readonly learning: LearningFigures;
}

/** Where a training stands between two stretches. */
export interface AgentProgress {
  readonly run: AgentTrainingState;
  readonly curve: readonly AgentReport[];
}

/** What training made. */
export interface TrainedAgent {
  /** Every variable, so that another training can begin where this one ended. */
  readonly parameters: Floats;
  /** The policy in ONNX, proven to answer as its graph does. */
  readonly model: Uint8Array;
  /** Largest distance between both that was seen. */
  readonly parity: number;
  /** An account through the validation part, by the policy as it is served. */
  readonly played: PlayedAccount;
  readonly curve: readonly AgentReport[];
}

/** How an agent that trades is trained. */
export interface TradingAgentRun {
  readonly spec: AgentSpec;
  readonly trading: AgentTradingSpec;
  readonly markets: AgentMarkets;
  /** Variables of an earlier training of the same sizes to begin with; without, the seed draws them. */
  readonly beginWith?: Floats;
  readonly resumeFrom?: AgentProgress;
  /** Called after every stretch, before the next one begins. */
  readonly onReport?: (report: AgentReport, progress: () => AgentProgress) => Promise<void>;
  /** Called before every step, in the middle of the work. */
  readonly onStep?: () => void;
  /** Milliseconds of a steady clock, for the rate. */
  readonly clockMs: () => number;
}

/**
 * Trains an agent on the training part until its steps are done. The validation part chooses nothing: what is kept is
 * what the last step left. The same specification, markets and beginning give the same parameters, bit for bit, whether
 * or not the run was interrupted and resumed.
 * @throws Failure TRAINING_DIVERGED when a figure or an action is not finite; ONNX_PARITY_BROKEN when the policy as it
 *   would be served answers otherwise than as it was trained; MODEL_SHAPE_MISMATCH when parts do not fit each other
 */
export async function trainTradingAgent(given: TradingAgentRun): Promise<TrainedAgent> {
  const { spec, trading, markets, beginWith, resumeFrom, onReport, onStep, clockMs } = given;
  const { turbulenceThreshold } = markets;
  const rules = tradingRules(trading, { environments: spec.environments, turbulenceThreshold });
  const environment = agentEnvironment(spec.kind, markets.training, rules);
  const shape = { observationSize: environment.observationSize, stocks: markets.training.stocks };
  const agent = await createAgent(spec, environment);
  try {
    if (beginWith) agent.adopt(beginWith);
    const stretch = new Stretch(rules);
    const { onEpisode, onUpdate } = stretch;
    const watched = { onEpisode, onUpdate, ...(onStep && { onStep }) };
    const resumed = resumeFrom && { resumeFrom: resumeFrom.run };
    const run = new AgentRun({ agent, environment, seed: spec.seed, ...resumed, ...watched });
    let curve = resumeFrom?.curve ?? [];
    while (run.steps < spec.steps) {
      const [startedMs, before] = [clockMs(), run.steps];
      run.advance(Math.min(spec.steps, (Math.floor(before / spec.reportSteps) + 1) * spec.reportSteps));
      const stepsPerSecond = ((run.steps - before) / (clockMs() - startedMs)) * 1_000;
      const { played } = await playValidation(agent, { spec, shape, market: markets.validation, rules });
      const validationReturn = played.assets.at(-1)! / rules.initialCash - 1;
      const report = { steps: run.steps, ...stretch.take(), validationReturn, stepsPerSecond };
      curve = [...curve, report];
      await onReport?.(report, () => ({ run: run.save(), curve }));
    }
    const { model, observations, played } = await playValidation(agent, {
      spec,
      shape,
      market: markets.validation,
      rules,
    });
    const parity = await proveParity(agent, { spec, shape, model, observations });
    return { parameters: agent.parameters(), model, parity, played, curve };
  } finally {
    agent.dispose();
  }
}

/** Sums up what happens between two reports. */
class Stretch {
  private readonly firstCash: number;
  private episodes: number[] = [];
  private sums: Record<string, number> = {};
  private updates = 0;

  constructor({ initialCash, rewardScale }: TradingRules) {
    this.firstCash = initialCash * rewardScale;
  }

  readonly onEpisode = ({ episodeReturn }: EpisodeReport): void => {
    this.episodes.push(episodeReturn / this.firstCash);
  };

  readonly onUpdate = (figures: LearningFigures): void => {
    this.updates += 1;
    for (const [name, figure] of Object.entries(figures)) this.sums[name] = (this.sums[name] ?? 0) + figure;
  };

  /** What was summed up; begins anew. */
  take(): Pick<AgentReport, 'trainingReturn' | 'learning'> {
    const { episodes, sums, updates } = this;
    const total = episodes.reduce((sum, value) => sum + value, 0);
    this.episodes = [];
    this.sums = {};
    this.updates = 0;
    return {
      trainingReturn: episodes.length > 0 ? total / episodes.length : null,
      learning: Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / updates])),
    };
  }
}

interface Validation {
  readonly spec: AgentSpec;
  readonly shape: PolicyShape;
  readonly market: StockMarket;
  readonly rules: TradingRules;
}

/** One account through the validation part by the policy as it would be served, and what it saw on the way. */
async function playValidation(
  agent: Agent,
  { spec, shape, market, rules }: Validation,
): Promise<{
  readonly model: Uint8Array;
  readonly played: PlayedAccount;
  readonly observations: readonly Float32Array[];
}> {
  const model = policyInOnnx(spec, shape, agent.parameters());
  const policy = await loadPolicy(model, { kind: spec.kind, ...shape });
  try {
    const walk = new MarketWalk(market, rules);
    const observations: Float32Array[] = [];
    while (!walk.isOver) {
      const observation = walk.observation.slice();
      observations.push(observation);
      walk.step(policy.orders(observation));
    }
    return { model, played: walk.played(), observations };
  } finally {
    await policy.release();
  }
}

/** Answers of graph and ONNX to the same observations; rows that fill the graph's last batch up are zeros. */
async function proveParity(
  agent: Agent,
  given: Pick<Validation, 'spec' | 'shape'> & {
    readonly model: Uint8Array;
    readonly observations: readonly Float32Array[];
  },
): Promise<number> {
  const { spec, shape, model, observations } = given;
  const policy = await loadPolicy(model, { kind: spec.kind, ...shape });
  try {
    const [graph, onnx]: [number[], number[]] = [[], []];
    for (let first = 0; first < observations.length; first += spec.environments) {
      const rows = new Float32Array(spec.environments * shape.observationSize);
      const some = observations.slice(first, first + spec.environments);
      for (const [row, observation] of some.entries()) rows.set(observation, row * shape.observationSize);
      const answers = agent.policy(rows);
      graph.push(...answers.subarray(0, (answers.length / spec.environments) * some.length));
      for (const observation of some) onnx.push(...policy.answer(observation));
    }
    return requireParity(Float32Array.from(graph), Float32Array.from(onnx));
  } finally {
    await policy.release();
  }
}
