import type { StepOutcome } from '../environment/environment.ts';
import { requireShape } from '../graph/shape.ts';
import type { AgentSizes, AgentState } from './agent.ts';

/** What an agent met since its last update, as flat arrays with steps outermost. */
export class Rollout {
  /** Shape [steps, environments, observationSize]. */
  readonly observations: Float32Array;
  /** Shape [steps, environments, actionSize]. */
  readonly actions: Float32Array;
  /** Shape [steps, environments, observationSize]. */
  readonly reached: Float32Array;
  /** Shape [steps, environments]. */
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  private readonly sizes: AgentSizes;
  private readonly length: number;
  private step = 0;

  constructor(sizes: AgentSizes, steps: number) {
    const { environments, observationSize, actionSize } = sizes;
    const rows = steps * environments;
    this.sizes = sizes;
    this.length = steps;
    this.observations = new Float32Array(rows * observationSize);
    this.actions = new Float32Array(rows * actionSize);
    this.reached = new Float32Array(rows * observationSize);
    this.rewards = new Float64Array(rows);
    this.terminated = new Uint8Array(rows);
    this.truncated = new Uint8Array(rows);
  }

  get isFull(): boolean {
    return this.step === this.length;
  }

  add(before: Float32Array, actions: Float32Array, outcome: StepOutcome): void {
    const { environments, observationSize, actionSize } = this.sizes;
    const row = this.step * environments;
    this.observations.set(before, row * observationSize);
    this.actions.set(actions, row * actionSize);
    this.reached.set(outcome.reached, row * observationSize);
    this.rewards.set(outcome.rewards, row);
    this.terminated.set(outcome.terminated, row);
    this.truncated.set(outcome.truncated, row);
    this.step += 1;
  }

  clear(): void {
    this.step = 0;
  }

  /** Rewards are kept as plain numbers: a float32 would round them. */
  save(): AgentState {
    const { observations, actions, reached, rewards, terminated, truncated, step } = this;
    const rows = step * this.sizes.environments;
    return {
      tensors: {
        observations: observations.slice(0, rows * this.sizes.observationSize),
        actions: actions.slice(0, rows * this.sizes.actionSize),
        reached: reached.slice(0, rows * this.sizes.observationSize),
      },
      numbers: {
        rewards: [...rewards.subarray(0, rows)],
        terminated: [...terminated.subarray(0, rows)],
        truncated: [...truncated.subarray(0, rows)],
        step: [step],
      },
    };
  }

  /** @throws Failure MODEL_SHAPE_MISMATCH when the state is of a rollout of other sizes */
  restore({ tensors, numbers }: AgentState): void {
    const [step = 0] = numbers.step ?? [];
    const { environments, observationSize, actionSize } = this.sizes;
    const rows = step * environments;
    const lengths = [tensors.observations?.length ?? 0, tensors.actions?.length ?? 0, numbers.rewards?.length ?? 0];
    const wanted = [rows * observationSize, rows * actionSize, rows];
    const fits = step <= this.length && lengths.every((length, at) => length === wanted[at]);
    requireShape(fits, 'take back a rollout of', [lengths, wanted]);
    this.observations.set(tensors.observations!);
    this.actions.set(tensors.actions!);
    this.reached.set(tensors.reached!);
    this.rewards.set(numbers.rewards!);
    this.terminated.set(numbers.terminated!);
    this.truncated.set(numbers.truncated!);
    this.step = step;
  }
}
