import type { StepOutcome } from '../environment/environment.ts';
import type { Floats } from '../graph/graphSession.ts';

/** Explore: as the agent learns; exploit: the best it knows, without chance. */
export type Manner = 'explore' | 'exploit';

/** Figures of an update, by name: losses and what explains them. */
export type LearningFigures = Readonly<Record<string, number>>;

/** Everything an agent needs to go on where it stopped: tensors and plain numbers. */
export interface AgentState {
  readonly tensors: Floats;
  readonly numbers: Readonly<Record<string, readonly number[]>>;
}

/** What an agent acts in: as many environments, seen and acted in with as many numbers. */
export interface AgentSizes {
  readonly environments: number;
  readonly observationSize: number;
  /** Numbers of an action, or choices to choose from. */
  readonly actionSize: number;
}

/** Something that acts and learns from what came of it. */
export interface Agent {
  /**
   * @param observations shape [environments, observationSize]
   * @returns actions as the environment takes them
   * @throws Failure MODEL_SHAPE_MISMATCH when there are more or fewer observations
   */
  act(observations: Float32Array, manner: Manner): Float32Array;
  /**
   * Takes in what a step brought, and learns when it is time to.
   * @param before the observations that were acted on
   * @returns the figures of the last update, if there was one
   * @throws Failure TRAINING_DIVERGED when a figure is not finite
   */
  learn(before: Float32Array, actions: Float32Array, outcome: StepOutcome): LearningFigures | undefined;
  /**
   * What the policy makes of observations, before anything is chosen: what its ONNX model answers.
   * @param observations shape [environments, observationSize]
   * @returns shape [environments, actionSize]: actions, the middle of what is drawn, or the value of each choice
   */
  policy(observations: Float32Array): Float32Array;
  /** Every variable of the networks and their optimisers. */
  parameters(): Floats;
  /**
   * Takes another agent's variables over and begins anew otherwise.
   * @throws Failure MODEL_SHAPE_MISMATCH when they are of an agent of other sizes
   */
  adopt(parameters: Floats): void;
  /** Everything, bit for bit. */
  save(): AgentState;
  /** @throws Failure MODEL_SHAPE_MISMATCH when the state is of an agent of other sizes */
  restore(state: AgentState): void;
  /** Lets native memory go. */
  dispose(): void;
}
