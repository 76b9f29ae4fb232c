import type { StepOutcome } from '../environment/environment.ts';
import { GraphSession, type Floats } from '../graph/graphSession.ts';
import { initialParameters } from '../layers/initialParameters.ts';
import { RandomSource } from '../randomSource.ts';
import type { Agent, AgentSizes, AgentState, LearningFigures, Manner } from './agent.ts';
import { joinStates, partOfState, zerosOfState } from './agentState.ts';
import { largest, oneHot } from './choices.ts';
import { buildDqnGraph, dqnNetworks, type AttentionSettings, type DqnPlan } from './dqnGraph.ts';
import { requireFiniteFigures } from './finiteFigures.ts';
import { ManySteps } from './manySteps.ts';
import { Priorities, type PrioritySettings } from './priorities.ts';
import { emptyTransitions, ReplayBuffer, type TransitionBatch } from './replayBuffer.ts';
import { UpdateCadence, type CadenceSettings } from './updateCadence.ts';

/** How a deep Q-network learns. */
export interface DqnSettings extends AttentionSettings, CadenceSettings {
  readonly learningRate: number;
  /** Transitions kept. */
  readonly bufferSize: number;
  readonly batchSize: number;
  readonly gamma: number;
  /** Rewards that a transition sums up. */
  readonly rewardSteps: number;
  readonly isDouble: boolean;
  readonly isDueling: boolean;
  /** Draws by surprise; evenly when left out. */
  readonly priorities?: PrioritySettings;
  /** Share of random actions falls from one to this, evenly over the exploration steps. */
  readonly explorationFinal: number;
  readonly explorationSteps: number;
  readonly clipNorm: number;
  readonly seed: number;
}

/**
 * A deep Q-network whose body is multi-head attention over the tokens of an observation, with double and dueling
 * values, transitions over several rewards and prioritised replay as options. Its actions are indices of choices.
 */
export class DqnAgent implements Agent {
  private readonly sizes: AgentSizes;
  private readonly settings: DqnSettings;
  private readonly session: GraphSession;
  private readonly buffer: ReplayBuffer;
  private readonly manySteps: ManySteps;
  private readonly priorities: Priorities | undefined;
  private readonly random: RandomSource;
  private readonly batch: TransitionBatch;
  private readonly drawn: { readonly places: Int32Array; readonly weights: Float32Array };
  private readonly cadence: UpdateCadence;

  private constructor(session: GraphSession, sizes: AgentSizes, settings: DqnSettings) {
    const { observationSize, environments } = sizes;
    const { bufferSize, batchSize, rewardSteps, gamma, priorities } = settings;
    this.sizes = sizes;
    this.settings = settings;
    this.cadence = new UpdateCadence(environments, settings);
    this.session = session;
    this.buffer = new ReplayBuffer({ capacity: bufferSize, observationSize, actionSize: 1 });
    this.manySteps = new ManySteps(environments, { steps: rewardSteps, gamma });
    this.priorities = priorities && new Priorities(bufferSize, priorities);
    this.random = new RandomSource(settings.seed, 1);
    this.batch = emptyTransitions(batchSize, { observationSize, actionSize: 1 });
    this.drawn = { places: new Int32Array(batchSize), weights: new Float32Array(batchSize).fill(1) };
  }

  /**
   * An agent whose parameters are drawn by the seed.
   * @throws Failure MODEL_SHAPE_MISMATCH when a size of the network does not fit
   */
  static async create(sizes: AgentSizes, settings: DqnSettings): Promise<DqnAgent> {
    const plan: DqnPlan = { ...sizes, ...settings };
    const graph = buildDqnGraph(plan);
    const session = await GraphSession.load(graph);
    const drawn = Object.values(dqnNetworks(plan)).flatMap((network, part) =>
      Object.entries(initialParameters(network, settings.seed * 4 + part)).flatMap(([name, values]) =>
        ['learner', 'lagging'].map((scope) => [`${scope}/${name}`, values] as const),
      ),
    );
    session.run('assign', { ...zerosOfState(graph), ...Object.fromEntries(drawn) });
    return new DqnAgent(session, sizes, settings);
  }

  act(observations: Float32Array, manner: Manner): Float32Array {
    const { actionSize } = this.sizes;
    const best = largest(this.policy(observations), actionSize);
    if (manner === 'exploit') return best;
    const { explorationFinal, explorationSteps } = this.settings;
    const chance = Math.max(explorationFinal, 1 - ((1 - explorationFinal) * this.cadence.steps) / explorationSteps);
    return best.map((action) => (this.random.uniform() < chance ? this.random.integer(actionSize) : action));
  }

  policy(observations: Float32Array): Float32Array {
    return this.session.run('value', { observations }).values!;
  }

  parameters(): Floats {
    return this.session.run('read');
  }

  adopt(parameters: Floats): void {
    this.session.run('assign', parameters);
  }

  learn(before: Float32Array, actions: Float32Array, outcome: StepOutcome): LearningFigures | undefined {
    for (const transition of this.manySteps.add(before, actions, outcome)) {
      const place = this.buffer.addOne(transition);
      this.priorities?.begin(place);
    }
    const due = this.cadence.afterStep();
    // Transitions over several rewards are late: at first there may be none to learn from.
    if (this.buffer.size === 0) return undefined;
    let figures: LearningFigures | undefined;
    for (let step = 0; step < due; step += 1) figures = this.update();
    return figures;
  }

  save(): AgentState {
    const { random, cadence, buffer } = this;
    return joinStates({
      network: { tensors: this.parameters(), numbers: {} },
      buffer: buffer.save(),
      own: {
        tensors: {},
        numbers: {
          random: random.state(),
          counts: cadence.save(),
          waiting: this.manySteps.save(),
          priorities: this.priorities?.save(buffer.size) ?? [],
        },
      },
    });
  }

  restore(state: AgentState): void {
    const { random, counts, waiting, priorities } = partOfState(state, 'own').numbers;
    this.cadence.restore(counts);
    this.adopt(partOfState(state, 'network').tensors);
    this.buffer.restore(partOfState(state, 'buffer'));
    this.manySteps.restore(waiting!, this.sizes.observationSize);
    this.priorities?.restore(priorities!);
    this.random.restore(random!);
  }

  dispose(): void {
    this.session.dispose();
  }

  private update(): LearningFigures {
    const { learningRate } = this.settings;
    const { places, weights } = this.drawn;
    if (this.priorities) this.priorities.draw(this.random, this.drawn);
    else for (const at of places.keys()) places[at] = this.random.integer(this.buffer.size);
    for (const [row, place] of places.entries()) this.buffer.copyTo(this.batch, row, place);
    const tau = this.cadence.beginUpdate();
    const { surprises, ...results } = this.session.run('update', {
      ...this.batch,
      actions: oneHot(this.batch.actions, this.sizes.actionSize),
      weights,
      learningRate: Float32Array.of(learningRate),
      tau: Float32Array.of(tau),
    });
    const figures = requireFiniteFigures(results, this.cadence.updates);
    this.priorities?.update(places, surprises!);
    return figures;
  }
}
