import type { ActionSpace, StepOutcome } from '../environment/environment.ts';
import { GraphSession, type Floats } from '../graph/graphSession.ts';
import { requireShape } from '../graph/shape.ts';
import { RandomSource } from '../randomSource.ts';
import { advantageEstimates, normalised } from './advantages.ts';
import type { Agent, AgentSizes, AgentState, LearningFigures, Manner } from './agent.ts';
import { joinStates, partOfState, zerosOfState } from './agentState.ts';
import { largest, oneHot } from './choices.ts';
import { requireFiniteFigures } from './finiteFigures.ts';
import { orthogonal } from './firstValues.ts';
import type { ParameterPlace } from './perceptron.ts';
import { buildPpoGraph, ppoParameters } from './ppoGraph.ts';
import { Rollout } from './rollout.ts';

/** How proximal policy optimisation learns. */
export interface PpoSettings {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly learningRate: number;
  /** Whether the learning rate falls to zero over the steps to come, which are given then. */
  readonly annealOverSteps?: number;
  /** Steps of each environment between updates. */
  readonly rolloutSteps: number;
  readonly batchSize: number;
  /** Passes over what was met. */
  readonly epochs: number;
  readonly gamma: number;
  readonly lambda: number;
  readonly clipRange: number;
  readonly valueWeight: number;
  readonly entropyWeight: number;
  readonly clipNorm: number;
  readonly seed: number;
}

/** The settings that Schulman et al. and Stable-Baselines3 use. */
export const publishedPpoSettings: Omit<PpoSettings, 'seed'> = {
  hidden: [64, 64],
  learningRate: 3e-4,
  rolloutSteps: 2_048,
  batchSize: 64,
  epochs: 10,
  gamma: 0.99,
  lambda: 0.95,
  clipRange: 0.2,
  valueWeight: 0.5,
  entropyWeight: 0,
  clipNorm: 0.5,
};

/**
 * Proximal policy optimisation with a clipped objective and generalised advantages. A continuous policy is a Gaussian;
 * what it draws outside of [-1, 1] reaches the environment as the nearest bound, and is learnt from as it was drawn.
 */
export class PpoAgent implements Agent {
  private readonly sizes: AgentSizes;
  private readonly kind: ActionSpace['kind'];
  private readonly settings: PpoSettings;
  private readonly session: GraphSession;
  private readonly rollout: Rollout;
  private readonly random: RandomSource;
  private readonly noise: Float32Array;
  /** What `act` drew last, as `learn` keeps it. */
  private drawn: Float32Array;
  private steps = 0;

  private constructor(
    session: GraphSession,
    { kind, ...sizes }: AgentSizes & { readonly kind: ActionSpace['kind'] },
    settings: PpoSettings,
  ) {
    this.session = session;
    this.sizes = sizes;
    this.kind = kind;
    this.settings = settings;
    this.rollout = new Rollout(sizes, settings.rolloutSteps);
    this.random = new RandomSource(settings.seed, 1);
    this.noise = new Float32Array(sizes.environments * sizes.actionSize);
    this.drawn = this.noise;
  }

  /**
   * An agent whose parameters are drawn by the seed.
   * @throws Failure MODEL_SHAPE_MISMATCH when batches do not divide what is met between updates
   */
  static async create(
    { environments, observationSize }: Omit<AgentSizes, 'actionSize'>,
    space: ActionSpace,
    settings: PpoSettings,
  ): Promise<PpoAgent> {
    const { hidden, batchSize, clipRange, valueWeight, entropyWeight, clipNorm, rolloutSteps } = settings;
    const rows = rolloutSteps * environments;
    requireShape(rows > 0 && rows % batchSize === 0, 'divide evenly into batches:', [[rows], [batchSize]]);
    const actionSize = space.kind === 'continuous' ? space.size : space.count;
    const sizes = { environments, observationSize, actionSize };
    const learning = { hidden, batchSize, clipRange, valueWeight, entropyWeight, clipNorm };
    const plan = { ...sizes, ...learning, actionKind: space.kind };
    const graph = buildPpoGraph(plan);
    const session = await GraphSession.load(graph);
    const random = new RandomSource(settings.seed, 0);
    const drawn = ppoParameters(plan).map((place) => [place.name, orthogonal(place, gainOf(place), random)] as const);
    session.run('assign', { ...zerosOfState(graph), ...Object.fromEntries(drawn) });
    return new PpoAgent(session, { ...sizes, kind: space.kind }, settings);
  }

  act(observations: Float32Array, manner: Manner): Float32Array {
    const drawn =
      manner === 'explore'
        ? this.session.run('act', { observations, noise: this.drawNoise() }).drawn!
        : this.policy(observations);
    const { actionSize } = this.sizes;
    const chosen = this.kind === 'discrete' ? largest(drawn, actionSize) : undefined;
    if (manner === 'explore') this.drawn = chosen ? oneHot(chosen, actionSize) : drawn;
    return chosen ?? drawn.map((number) => Math.max(-1, Math.min(1, number)));
  }

  policy(observations: Float32Array): Float32Array {
    return this.session.run('act', { observations, noise: this.noise.fill(0) }).drawn!;
  }

  parameters(): Floats {
    return this.session.run('read');
  }

  adopt(parameters: Floats): void {
    this.session.run('assign', parameters);
  }

  learn(before: Float32Array, _: Float32Array, outcome: StepOutcome): LearningFigures | undefined {
    this.rollout.add(before, this.drawn, outcome);
    this.steps += this.sizes.environments;
    if (!this.rollout.isFull) return undefined;
    const figures = this.update();
    this.rollout.clear();
    return figures;
  }

  save(): AgentState {
    return joinStates({
      network: { tensors: this.parameters(), numbers: {} },
      rollout: this.rollout.save(),
      own: { tensors: {}, numbers: { random: this.random.state(), steps: [this.steps] } },
    });
  }

  restore(state: AgentState): void {
    const { random, steps } = partOfState(state, 'own').numbers;
    requireShape(steps?.length === 1, 'take back the counts of an agent of', [[steps?.length ?? 0]]);
    this.adopt(partOfState(state, 'network').tensors);
    this.rollout.restore(partOfState(state, 'rollout'));
    this.random.restore(random!);
    this.steps = steps![0]!;
  }

  dispose(): void {
    this.session.dispose();
  }

  private drawNoise(): Float32Array {
    if (this.kind === 'continuous') return this.random.fillNormal(this.noise);
    // Gumbel's distribution; the half keeps both logarithms finite.
    for (let at = 0; at < this.noise.length; at += 1) {
      this.noise[at] = -Math.log(-Math.log(this.random.uniform() + 0.5 / 2 ** 32));
    }
    return this.noise;
  }

  private update(): LearningFigures {
    const { gamma, lambda, epochs, batchSize, learningRate, annealOverSteps } = this.settings;
    const { rollout } = this;
    const { environments } = this.sizes;
    const { values, logDensities } = this.judge(rollout.observations, rollout.actions);
    const nextValues = this.nextValues(values);
    const ended = rollout.terminated.map((terminated, at) => terminated | rollout.truncated[at]!);
    const valued = { environments, rewards: rollout.rewards, values, nextValues, ended };
    const advantages = advantageEstimates(valued, { gamma, lambda });
    const left = annealOverSteps === undefined ? 1 : Math.max(0, 1 - this.steps / annealOverSteps);
    const rate = Float32Array.of(learningRate * left);
    const totals: Record<string, number> = {};
    const batches = (epochs * values.length) / batchSize;
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      const order = this.random.shuffled(values.length);
      for (let first = 0; first < order.length; first += batchSize) {
        const rows = order.subarray(first, first + batchSize);
        const results = this.session.run('update', {
          observations: pickRows(rollout.observations, rows, this.sizes.observationSize),
          actions: pickRows(rollout.actions, rows, this.sizes.actionSize),
          logDensities: Float32Array.from(rows, (row) => logDensities[row]!),
          advantages: normalised(Float32Array.from(rows, (row) => advantages[row]!)),
          returns: Float32Array.from(rows, (row) => advantages[row]! + values[row]!),
          learningRate: rate,
        });
        const figures = requireFiniteFigures(results, this.steps);
        for (const [name, figure] of Object.entries(figures)) totals[name] = (totals[name] ?? 0) + figure / batches;
      }
    }
    return totals;
  }

  /** Values of what was reached: those of the next row where the episode goes on. */
  private nextValues(values: Float64Array): Float64Array {
    const { environments, observationSize } = this.sizes;
    const { terminated, truncated, reached } = this.rollout;
    const nextValues = new Float64Array(values.length);
    const asked: number[] = [];
    for (let row = 0; row < values.length; row += 1) {
      const isLast = row >= values.length - environments;
      if (terminated[row] === 1) continue;
      if (isLast || truncated[row] === 1) asked.push(row);
      else nextValues[row] = values[row + environments]!;
    }
    const states = pickRows(reached, asked, observationSize);
    const answers = this.judge(states, new Float32Array(asked.length * this.sizes.actionSize)).values;
    for (const [at, row] of asked.entries()) nextValues[row] = answers[at]!;
    return nextValues;
  }

  /** Values and log densities of any number of rows; batches are padded. */
  private judge(
    observations: Float32Array,
    actions: Float32Array,
  ): { readonly values: Float64Array; readonly logDensities: Float64Array } {
    const { observationSize, actionSize } = this.sizes;
    const { batchSize } = this.settings;
    const rows = actions.length / actionSize;
    const [values, logDensities] = [new Float64Array(rows), new Float64Array(rows)];
    for (let first = 0; first < rows; first += batchSize) {
      const last = Math.min(rows, first + batchSize);
      const part = (source: Float32Array, width: number): Float32Array => {
        const padded = new Float32Array(batchSize * width);
        padded.set(source.subarray(first * width, last * width));
        return padded;
      };
      const feeds = { observations: part(observations, observationSize), actions: part(actions, actionSize) };
      const judged = this.session.run('judge', feeds);
      values.set(judged.values!.subarray(0, last - first), first);
      logDensities.set(judged.logDensities!.subarray(0, last - first), first);
    }
    return { values, logDensities };
  }
}

/** As in Stable-Baselines3: a policy that begins near zero, and so without preferences. */
function gainOf({ name, layer }: ParameterPlace): number {
  if (layer === 'hidden') return Math.SQRT2;
  return name.startsWith('policy') ? 0.01 : 1;
}

function pickRows(source: Float32Array, rows: ArrayLike<number>, width: number): Float32Array {
  const picked = new Float32Array(rows.length * width);
  for (let to = 0; to < rows.length; to += 1) {
    picked.set(source.subarray(rows[to]! * width, (rows[to]! + 1) * width), to * width);
  }
  return picked;
}
