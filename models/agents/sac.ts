import type { StepOutcome } from '../environment/environment.ts';
import { GraphSession, type Floats } from '../graph/graphSession.ts';
import { requireShape } from '../graph/shape.ts';
import { RandomSource } from '../randomSource.ts';
import type { Agent, AgentSizes, AgentState, LearningFigures, Manner } from './agent.ts';
import { joinStates, partOfState, zerosOfState } from './agentState.ts';
import { requireFiniteFigures } from './finiteFigures.ts';
import { uniformByInputs } from './firstValues.ts';
import { emptyTransitions, ReplayBuffer, type TransitionBatch } from './replayBuffer.ts';
import { buildSacGraph, laggingName, sacParameters } from './sacGraph.ts';

/** How soft actor-critic learns. */
export interface SacSettings {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly learningRate: number;
  /** Transitions kept. */
  readonly bufferSize: number;
  /** Steps, over all environments, with random actions and without learning. */
  readonly learningStarts: number;
  readonly batchSize: number;
  /** How far the lagging critics move at each update, in (0, 1]. */
  readonly tau: number;
  readonly gamma: number;
  /** Steps of the environments between updates. */
  readonly trainFrequency: number;
  /** Updates each time. */
  readonly gradientSteps: number;
  /** Updates after which the lagging critics move. */
  readonly targetUpdateInterval: number;
  /** Entropy the temperature is steered to; minus the number of actions when left out. */
  readonly targetEntropy?: number;
  readonly seed: number;
}

/** The settings that Haarnoja et al. and Stable-Baselines3 use. */
export const publishedSacSettings: Omit<SacSettings, 'seed'> = {
  hidden: [256, 256],
  learningRate: 3e-4,
  bufferSize: 1_000_000,
  learningStarts: 100,
  batchSize: 256,
  tau: 0.005,
  gamma: 0.99,
  trainFrequency: 1,
  gradientSteps: 1,
  targetUpdateInterval: 1,
};

/** Soft actor-critic with twin critics, a squashed Gaussian policy and an automatic temperature; actions in [-1, 1]. */
export class SacAgent implements Agent {
  private readonly sizes: AgentSizes;
  private readonly settings: SacSettings;
  private readonly session: GraphSession;
  private readonly buffer: ReplayBuffer;
  private readonly random: RandomSource;
  private readonly batch: TransitionBatch;
  private readonly noises: Readonly<Record<'act' | 'noise' | 'nextNoise', Float32Array>>;
  private steps = 0;
  private updates = 0;

  private constructor(session: GraphSession, sizes: AgentSizes, settings: SacSettings) {
    const { observationSize, actionSize, environments } = sizes;
    this.sizes = sizes;
    this.settings = settings;
    this.session = session;
    this.buffer = new ReplayBuffer({ capacity: settings.bufferSize, observationSize, actionSize });
    this.random = new RandomSource(settings.seed, 1);
    this.batch = emptyTransitions(settings.batchSize, { observationSize, actionSize });
    this.noises = {
      act: new Float32Array(environments * actionSize),
      noise: new Float32Array(settings.batchSize * actionSize),
      nextNoise: new Float32Array(settings.batchSize * actionSize),
    };
  }

  /** An agent whose parameters are drawn by the seed. */
  static async create(sizes: AgentSizes, settings: SacSettings): Promise<SacAgent> {
    const { hidden, batchSize, gamma, targetEntropy = -sizes.actionSize } = settings;
    const plan = { ...sizes, hidden, batchSize, gamma, targetEntropy };
    const graph = buildSacGraph(plan);
    const session = await GraphSession.load(graph);
    const random = new RandomSource(settings.seed, 0);
    const drawn = sacParameters(plan).map((place) => [place.name, uniformByInputs(place, random)] as const);
    const lagging = drawn
      .filter(([name]) => name.startsWith('critic'))
      .map(([name, values]) => [laggingName(name), values] as const);
    session.run('assign', { ...zerosOfState(graph), ...Object.fromEntries([...drawn, ...lagging]) });
    return new SacAgent(session, sizes, settings);
  }

  act(observations: Float32Array, manner: Manner): Float32Array {
    const { act } = this.noises;
    if (manner === 'explore' && this.steps < this.settings.learningStarts) {
      return act.map(() => 2 * this.random.uniform() - 1);
    }
    if (manner === 'exploit') return this.policy(observations);
    return this.session.run('act', { observations, noise: this.random.fillNormal(act) }).actions!;
  }

  policy(observations: Float32Array): Float32Array {
    return this.session.run('act', { observations, noise: this.noises.act.fill(0) }).actions!;
  }

  parameters(): Floats {
    return this.session.run('read');
  }

  adopt(parameters: Floats): void {
    this.session.run('assign', parameters);
  }

  learn(before: Float32Array, actions: Float32Array, outcome: StepOutcome): LearningFigures | undefined {
    const { trainFrequency, gradientSteps, learningStarts } = this.settings;
    this.buffer.add(before, actions, outcome);
    const rounds = Math.floor(this.steps / this.sizes.environments) + 1;
    this.steps += this.sizes.environments;
    if (this.steps <= learningStarts || rounds % trainFrequency !== 0) return undefined;
    let figures: LearningFigures | undefined;
    for (let step = 0; step < gradientSteps; step += 1) figures = this.update();
    return figures;
  }

  /** One update from a batch of what was met. */
  update(): LearningFigures {
    const { learningRate, tau, targetUpdateInterval } = this.settings;
    const { noise, nextNoise } = this.noises;
    this.updates += 1;
    const results = this.session.run('update', {
      ...this.buffer.draw(this.random, this.batch),
      noise: this.random.fillNormal(noise),
      nextNoise: this.random.fillNormal(nextNoise),
      learningRate: Float32Array.of(learningRate),
      tau: Float32Array.of(this.updates % targetUpdateInterval === 0 ? tau : 0),
    });
    return requireFiniteFigures(results, this.updates);
  }

  save(): AgentState {
    return joinStates({
      network: { tensors: this.parameters(), numbers: {} },
      buffer: this.buffer.save(),
      own: { tensors: {}, numbers: { random: this.random.state(), counts: [this.steps, this.updates] } },
    });
  }

  restore(state: AgentState): void {
    const { random, counts } = partOfState(state, 'own').numbers;
    requireShape(counts?.length === 2, 'take back the counts of an agent of', [[counts?.length ?? 0]]);
    this.adopt(partOfState(state, 'network').tensors);
    this.buffer.restore(partOfState(state, 'buffer'));
    this.random.restore(random!);
    [this.steps, this.updates] = [counts![0]!, counts![1]!];
  }

  dispose(): void {
    this.session.dispose();
  }
}
