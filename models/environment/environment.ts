/** What can be done in an environment: numbers in [-1, 1], or one of a few choices. */
export type ActionSpace =
  { readonly kind: 'continuous'; readonly size: number } | { readonly kind: 'discrete'; readonly count: number };

/** What one step brought to every environment. The arrays are written anew by the next step. */
export interface StepOutcome {
  /** Shape [environments]. */
  readonly rewards: Float64Array;
  /** Shape [environments]; 1 where the episode ended in a state without a future. */
  readonly terminated: Uint8Array;
  /** Shape [environments]; 1 where the episode was cut off, though its last state has a future. */
  readonly truncated: Uint8Array;
  /** Shape [environments, observationSize]: what was reached, also where an episode ended. */
  readonly reached: Float32Array;
}

/** State of an environment as plain numbers, for checkpoints. */
export type EnvironmentState = Readonly<Record<string, readonly number[]>>;

/** Several environments of one kind that step together. An episode that ends begins anew by itself. */
export interface VectorEnvironment {
  readonly environments: number;
  readonly observationSize: number;
  readonly actions: ActionSpace;
  /** Shape [environments, observationSize]: where the next step begins. Written in place by `reset` and `step`. */
  readonly observations: Float32Array;
  /** Begins every episode anew. The same seed and actions give the same run. */
  reset(seed: number): void;
  /**
   * @param actions shape [environments, size], in [-1, 1]; for choices [environments], the index of each
   * @throws RangeError when there are more or fewer, or one is out of range
   */
  step(actions: Float32Array): StepOutcome;
  /** Everything needed to go on elsewhere. */
  save(): EnvironmentState;
  /** Goes on where the environment of a state stood. */
  restore(state: EnvironmentState): void;
}

/** Numbers that a step takes from an agent for each environment. */
export function actionSize(space: ActionSpace): number {
  return space.kind === 'continuous' ? space.size : 1;
}

/**
 * Demands as many actions as are needed, each in range.
 * @throws RangeError when they are not
 */
export function requireActions(actions: Float32Array, environments: number, space: ActionSpace): void {
  const wanted = environments * actionSize(space);
  if (actions.length !== wanted) throw new RangeError(`${actions.length} actions where ${wanted} are needed`);
  const isValid = (action: number): boolean =>
    space.kind === 'continuous'
      ? action >= -1 && action <= 1
      : Number.isInteger(action) && action >= 0 && action < space.count;
  for (const action of actions) if (!isValid(action)) throw new RangeError(`no action of the ${space.kind}: ${action}`);
}

/** Fresh arrays for outcomes. */
export function emptyOutcome(environments: number, observationSize: number): StepOutcome {
  return {
    rewards: new Float64Array(environments),
    terminated: new Uint8Array(environments),
    truncated: new Uint8Array(environments),
    reached: new Float32Array(environments * observationSize),
  };
}
