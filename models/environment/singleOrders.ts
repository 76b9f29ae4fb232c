import {
  requireActions,
  type ActionSpace,
  type EnvironmentState,
  type StepOutcome,
  type VectorEnvironment,
} from './environment.ts';

/**
 * An environment of continuous actions for agents that choose: choice 0 leaves all at rest; with `size` numbers to an
 * action, choice `i` sets number `i - 1` to one (buys that stock) and choice `size + i` to minus one (sells it).
 */
export class SingleOrders implements VectorEnvironment {
  readonly environments: number;
  readonly observationSize: number;
  readonly actions: ActionSpace;
  private readonly inner: VectorEnvironment;
  private readonly size: number;
  private readonly orders: Float32Array;

  /** @throws RangeError when the environment's actions are choices already */
  constructor(inner: VectorEnvironment) {
    if (inner.actions.kind !== 'continuous') throw new RangeError('the actions are choices already');
    this.inner = inner;
    this.size = inner.actions.size;
    this.environments = inner.environments;
    this.observationSize = inner.observationSize;
    this.actions = { kind: 'discrete', count: 2 * this.size + 1 };
    this.orders = new Float32Array(this.environments * this.size);
  }

  get observations(): Float32Array {
    return this.inner.observations;
  }

  reset(seed: number): void {
    this.inner.reset(seed);
  }

  step(actions: Float32Array): StepOutcome {
    requireActions(actions, this.environments, this.actions);
    const { size, orders } = this;
    for (const [at, choice] of actions.entries()) orders.set(orderOfChoice(choice, size), at * size);
    return this.inner.step(orders);
  }

  save(): EnvironmentState {
    return this.inner.save();
  }

  restore(state: EnvironmentState): void {
    this.inner.restore(state);
  }
}

/** The action that a choice stands for, shape [size]. */
export function orderOfChoice(choice: number, size: number): Float32Array {
  const order = new Float32Array(size);
  if (choice > 0) order[(choice - 1) % size] = choice <= size ? 1 : -1;
  return order;
}
