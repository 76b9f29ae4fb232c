import type { StepOutcome } from '../environment/environment.ts';
import { requireShape } from '../graph/shape.ts';
import type { RandomSource } from '../randomSource.ts';
import type { AgentState } from './agent.ts';

/** Transitions drawn from a buffer; the arrays are written anew by the next draw. */
export interface TransitionBatch {
  /** Shape [batch, observationSize]. */
  readonly observations: Float32Array;
  /** Shape [batch, actionSize]. */
  readonly actions: Float32Array;
  /** Shape [batch]. */
  readonly rewards: Float32Array;
  /** Shape [batch, observationSize]. */
  readonly next: Float32Array;
  /** Shape [batch]: what the value of the next state counts; 0 where it has no future. */
  readonly continues: Float32Array;
}

/** One transition. */
export interface Transition {
  readonly observation: Float32Array;
  readonly action: Float32Array;
  readonly reward: number;
  readonly next: Float32Array;
  /** What the value of the next state counts: 0 where it has no future. */
  readonly continues: number;
}

/** Sizes of a buffer. */
export interface BufferShape {
  /** Transitions kept; the oldest give way. */
  readonly capacity: number;
  readonly observationSize: number;
  /** Numbers that an action is kept as. */
  readonly actionSize: number;
}

/** What an agent has met, as flat arrays; memory is taken as it fills. */
export class ReplayBuffer {
  private readonly shape: BufferShape;
  private columns: TransitionBatch;
  private allocated = 1_024;
  private stored = 0;
  private at = 0;

  constructor(shape: BufferShape) {
    this.shape = shape;
    this.allocated = Math.min(this.allocated, shape.capacity);
    this.columns = emptyTransitions(this.allocated, shape);
  }

  /** Transitions kept now. */
  get size(): number {
    return this.stored;
  }

  /** Keeps one transition of each environment. */
  add(before: Float32Array, actions: Float32Array, { rewards, terminated, reached }: StepOutcome): void {
    const { observationSize, actionSize } = this.shape;
    for (let environment = 0; environment < rewards.length; environment += 1) {
      const row = (of: Float32Array, width: number): Float32Array =>
        of.subarray(environment * width, (environment + 1) * width);
      this.addOne({
        observation: row(before, observationSize),
        action: row(actions, actionSize),
        reward: rewards[environment]!,
        next: row(reached, observationSize),
        continues: terminated[environment] === 1 ? 0 : 1,
      });
    }
  }

  /** Keeps one transition; answers its place, which another one had if the buffer is full. */
  addOne({ observation, action, reward, next, continues }: Transition): number {
    this.makeRoom();
    const { columns, at } = this;
    columns.observations.set(observation, at * this.shape.observationSize);
    columns.actions.set(action, at * this.shape.actionSize);
    columns.next.set(next, at * this.shape.observationSize);
    columns.rewards[at] = reward;
    columns.continues[at] = continues;
    this.at = (at + 1) % this.shape.capacity;
    this.stored = Math.min(this.stored + 1, this.shape.capacity);
    return at;
  }

  /** Fills a batch with transitions drawn evenly, with replacement. */
  draw(random: RandomSource, into: TransitionBatch): TransitionBatch {
    for (let row = 0; row < into.rewards.length; row += 1) this.copyTo(into, row, random.integer(this.stored));
    return into;
  }

  /** Copies a kept transition to a row of a batch. */
  copyTo(into: TransitionBatch, row: number, from: number): void {
    const { columns } = this;
    const { observationSize, actionSize } = this.shape;
    copyRow(columns.observations, from, { to: into.observations, row, width: observationSize });
    copyRow(columns.actions, from, { to: into.actions, row, width: actionSize });
    copyRow(columns.next, from, { to: into.next, row, width: observationSize });
    into.rewards[row] = columns.rewards[from]!;
    into.continues[row] = columns.continues[from]!;
  }

  /** The kept transitions and where the next one goes. */
  save(): AgentState {
    const { observations, actions, rewards, next, continues } = this.columns;
    const { observationSize, actionSize } = this.shape;
    return {
      tensors: {
        observations: observations.slice(0, this.stored * observationSize),
        actions: actions.slice(0, this.stored * actionSize),
        rewards: rewards.slice(0, this.stored),
        next: next.slice(0, this.stored * observationSize),
        continues: continues.slice(0, this.stored),
      },
      numbers: { at: [this.at] },
    };
  }

  /** @throws Failure MODEL_SHAPE_MISMATCH when the state is of a buffer of other sizes */
  restore({ tensors, numbers }: AgentState): void {
    const stored = tensors.rewards?.length ?? 0;
    const widths = [tensors.observations?.length, tensors.actions?.length];
    const { observationSize, actionSize, capacity } = this.shape;
    const fits = widths[0] === stored * observationSize && widths[1] === stored * actionSize && stored <= capacity;
    requireShape(fits, 'take back a buffer of', [[stored], [observationSize, actionSize]]);
    this.allocated = Math.max(1, stored);
    this.columns = emptyTransitions(this.allocated, this.shape);
    this.columns.observations.set(tensors.observations!);
    this.columns.actions.set(tensors.actions!);
    this.columns.rewards.set(tensors.rewards!);
    this.columns.next.set(tensors.next!);
    this.columns.continues.set(tensors.continues!);
    this.stored = stored;
    this.at = numbers.at![0]!;
  }

  private makeRoom(): void {
    if (this.at < this.allocated) return;
    this.allocated = Math.min(2 * this.allocated, this.shape.capacity);
    const larger = emptyTransitions(this.allocated, this.shape);
    larger.observations.set(this.columns.observations);
    larger.actions.set(this.columns.actions);
    larger.rewards.set(this.columns.rewards);
    larger.next.set(this.columns.next);
    larger.continues.set(this.columns.continues);
    this.columns = larger;
  }
}

/** Arrays for a number of transitions. */
export function emptyTransitions(count: number, sizes: Omit<BufferShape, 'capacity'>): TransitionBatch {
  const { observationSize, actionSize } = sizes;
  return {
    observations: new Float32Array(count * observationSize),
    actions: new Float32Array(count * actionSize),
    rewards: new Float32Array(count),
    next: new Float32Array(count * observationSize),
    continues: new Float32Array(count),
  };
}

function copyRow(
  source: Float32Array,
  from: number,
  { to, row, width }: { readonly to: Float32Array; readonly row: number; readonly width: number },
): void {
  const [first, target] = [from * width, row * width];
  // A loop: a view for each row would cost more than copying it.
  for (let at = 0; at < width; at += 1) to[target + at] = source[first + at]!;
}
