import { Failure } from '#domain/failure.ts';
import type { Floats } from '../graph/graphSession.ts';
import type { LearningFigures } from './agent.ts';

/**
 * An update's scalars as plain numbers.
 * @throws Failure TRAINING_DIVERGED when one is not finite
 */
export function requireFiniteFigures(results: Floats, update: number): LearningFigures {
  const figures = Object.fromEntries(Object.entries(results).map(([name, values]) => [name, values[0]!]));
  if (Object.values(figures).every(Number.isFinite)) return figures;
  const message = `a figure of update ${update} is not finite: lower the learning rate, or scale the rewards`;
  throw new Failure('TRAINING_DIVERGED', message, { update, ...figures });
}

/**
 * Actions, each of them a number.
 * @throws Failure TRAINING_DIVERGED when one is not finite: then the last update left no policy behind
 */
export function requireFiniteActions(actions: Float32Array, steps: number): Float32Array {
  if (actions.every(Number.isFinite)) return actions;
  const message = `an action after ${steps} steps is not finite: lower the learning rate, or scale the rewards`;
  throw new Failure('TRAINING_DIVERGED', message, { steps });
}
