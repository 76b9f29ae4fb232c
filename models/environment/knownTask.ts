import { RandomSource } from '../randomSource.ts';
import {
  emptyOutcome,
  requireActions,
  type ActionSpace,
  type EnvironmentState,
  type StepOutcome,
  type VectorEnvironment,
} from './environment.ts';

/** A control task as its equations. */
export interface TaskEquations {
  readonly stateSize: number;
  readonly observationSize: number;
  readonly actions: ActionSpace;
  /** Steps after which an episode is cut off. */
  readonly stepsMax: number;
  /** Writes the state an episode begins with. */
  readonly begin: (state: Float64Array, random: RandomSource) => void;
  /** Moves the state on, in place. */
  readonly advance: (state: Float64Array, action: number) => { readonly reward: number; readonly isTerminal: boolean };
  /** Writes what is seen of a state. */
  readonly observe: (state: Float64Array, into: Float32Array) => void;
}

/** A control task with one action, many copies at once: agents are proved on tasks whose best return is known. */
export class KnownTask implements VectorEnvironment {
  readonly environments: number;
  readonly observationSize: number;
  readonly actions: ActionSpace;
  readonly observations: Float32Array;
  private readonly equations: TaskEquations;
  private readonly random = new RandomSource(0, 0);
  private readonly states: Float64Array;
  private readonly steps: Int32Array;
  private readonly outcome: StepOutcome;

  constructor(equations: TaskEquations, environments: number) {
    this.equations = equations;
    this.environments = environments;
    this.observationSize = equations.observationSize;
    this.actions = equations.actions;
    this.observations = new Float32Array(environments * this.observationSize);
    this.states = new Float64Array(environments * equations.stateSize);
    this.steps = new Int32Array(environments);
    this.outcome = emptyOutcome(environments, this.observationSize);
    this.reset(0);
  }

  reset(seed: number): void {
    this.random.restore(new RandomSource(seed, 0).state());
    for (let at = 0; at < this.environments; at += 1) this.begin(at);
  }

  step(actions: Float32Array): StepOutcome {
    requireActions(actions, this.environments, this.actions);
    const { rewards, terminated, truncated, reached } = this.outcome;
    for (let at = 0; at < this.environments; at += 1) {
      const { reward, isTerminal } = this.equations.advance(this.stateOf(at), actions[at]!);
      this.steps[at]! += 1;
      const isCut = !isTerminal && this.steps[at]! >= this.equations.stepsMax;
      rewards[at] = reward;
      terminated[at] = isTerminal ? 1 : 0;
      truncated[at] = isCut ? 1 : 0;
      this.observe(at, reached);
      if (isTerminal || isCut) this.begin(at);
      else this.observe(at, this.observations);
    }
    return this.outcome;
  }

  save(): EnvironmentState {
    return { random: this.random.state(), states: [...this.states], steps: [...this.steps] };
  }

  restore({ random, states, steps }: EnvironmentState): void {
    this.random.restore(random!);
    this.states.set(states!);
    this.steps.set(steps!);
    for (let at = 0; at < this.environments; at += 1) this.observe(at, this.observations);
  }

  private begin(at: number): void {
    this.steps[at] = 0;
    this.equations.begin(this.stateOf(at), this.random);
    this.observe(at, this.observations);
  }

  private observe(at: number, into: Float32Array): void {
    const size = this.observationSize;
    this.equations.observe(this.stateOf(at), into.subarray(at * size, (at + 1) * size));
  }

  private stateOf(at: number): Float64Array {
    const { stateSize } = this.equations;
    return this.states.subarray(at * stateSize, (at + 1) * stateSize);
  }
}
