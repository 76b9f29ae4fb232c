import type { StepOutcome } from '../environment/environment.ts';
import type { Transition } from './replayBuffer.ts';

/** Steps of one environment that still wait for later rewards; plain numbers, as they are saved. */
interface Waiting {
  readonly observation: readonly number[];
  readonly action: number;
  reward: number;
  steps: number;
}

/**
 * Turns single steps into transitions over several (Sutton 1988): the discounted sum of the next rewards, and the state
 * after them. Where an episode ends, what waits goes out with fewer steps.
 */
export class ManySteps {
  private readonly steps: number;
  private readonly gamma: number;
  private waiting: readonly Waiting[][];

  constructor(environments: number, { steps, gamma }: { readonly steps: number; readonly gamma: number }) {
    this.steps = steps;
    this.gamma = gamma;
    this.waiting = Array.from({ length: environments }, () => []);
  }

  /** Takes a step of every environment in; answers the transitions that are complete. */
  add(before: Float32Array, actions: Float32Array, outcome: StepOutcome): readonly Transition[] {
    const width = before.length / this.waiting.length;
    return this.waiting.flatMap((queue, at) => {
      const row = (of: Float32Array): Float32Array => of.subarray(at * width, (at + 1) * width);
      for (const step of queue) {
        step.reward += this.gamma ** step.steps * outcome.rewards[at]!;
        step.steps += 1;
      }
      queue.push({ observation: [...row(before)], action: actions[at]!, reward: outcome.rewards[at]!, steps: 1 });
      const isTerminal = outcome.terminated[at] === 1;
      const isOver = isTerminal || outcome.truncated[at] === 1;
      const ready = isOver ? queue.splice(0) : queue[0]!.steps === this.steps ? queue.splice(0, 1) : [];
      return ready.map(({ observation, action, reward, steps }) => ({
        observation: Float32Array.from(observation),
        action: Float32Array.of(action),
        reward,
        next: row(outcome.reached),
        continues: isTerminal ? 0 : this.gamma ** steps,
      }));
    });
  }

  /** What waits, as plain numbers. */
  save(): readonly number[] {
    return this.waiting.flatMap((queue, at) =>
      queue.flatMap(({ observation, action, reward, steps }) => [at, action, reward, steps, ...observation]),
    );
  }

  /** @param observationSize numbers of an observation, by which the saved ones are cut */
  restore(saved: readonly number[], observationSize: number): void {
    this.waiting = this.waiting.map(() => []);
    const size = 4 + observationSize;
    for (let first = 0; first < saved.length; first += size) {
      const [at = 0, action = 0, reward = 0, steps = 0, ...observation] = saved.slice(first, first + size);
      this.waiting[at]!.push({ observation, action, reward, steps });
    }
  }
}
