import type { StepOutcome } from '../environment/environment.ts';
import { GraphSession, type Floats } from '../graph/graphSession.ts';
import { RandomSource } from '../randomSource.ts';
import type { Agent, AgentSizes, AgentState, LearningFigures, Manner } from './agent.ts';
import { joinStates, partOfState, zerosOfState } from './agentState.ts';
import { requireFiniteFigures } from './finiteFigures.ts';
import { uniformByInputs } from './firstValues.ts';
import { emptyTransitions, ReplayBuffer, type TransitionBatch } from './replayBuffer.ts';
import { buildSacGraph, laggingName, sacParameters } from './sacGraph.ts';
import { UpdateCadence, type CadenceSettings } from './updateCadence.ts';

/** How soft actor-critic learns; until learning starts its actions are random. */
export interface SacSettings extends CadenceSettings {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly learningRate: number;
  /** Transitions kept. */
  readonly bufferSize: number;
  readonly batchSize: number;
  readonly gamma: number;
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
  private readonly settings: SacSettings;
  private readonly session: GraphSession;
  private readonly buffer: ReplayBuffer;
  private readonly random: RandomSource;
  private readonly batch: TransitionBatch;
  private readonly noises: Readonly<Record<'act' | 'noise' | 'nextNoise', Float32Array>>;
  private readonly cadence: UpdateCadence;

  private constructor(session: GraphSession, sizes: AgentSizes, settings: SacSettings) {
    const { observationSize, actionSize, environments } = sizes;
    this.settings = settings;
    this.cadence = new UpdateCadence(environments, settings);
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
    if (manner === 'explore' && this.cadence.steps < this.settings.learningStarts) {
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
    this.buffer.add(before, actions, outcome);
    let figures: LearningFigures | undefined;
    for (let due = this.cadence.afterStep(); due > 0; due -= 1) figures = this.update();
    return figures;
  }

  /** One update from a batch of what was met. */
  update(): LearningFigures {
    const { noise, nextNoise } = this.noises;
    const tau = this.cadence.beginUpdate();
    const results = this.session.run('update', {
      ...this.buffer.draw(this.random, this.batch),
      noise: this.random.fillNormal(noise),
      nextNoise: this.random.fillNormal(nextNoise),
      learningRate: Float32Array.of(this.settings.learningRate),
      tau: Float32Array.of(tau),
    });
    return requireFiniteFigures(results, this.cadence.updates);
  }

  save(): AgentState {
    return joinStates({
      network: { tensors: this.parameters(), numbers: {} },
      buffer: this.buffer.save(),
      own: { tensors: {}, numbers: { random: this.random.state(), counts: this.cadence.save() } },
    });
  }

  restore(state: AgentState): void {
    const { random, counts } = partOfState(state, 'own').numbers;
    this.cadence.restore(counts);
    this.adopt(partOfState(state, 'network').tensors);
    this.buffer.restore(partOfState(state, 'buffer'));
    this.random.restore(random!);
  }

  dispose(): void {
    this.session.dispose();
  }
}
