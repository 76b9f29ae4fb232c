import type { Phase } from './phases.ts';

/**
 * What is killed: the program that a person started (`bootstrap`), the start with it, a worker, or a server by its name
 * in the stack.
 */
export const victims = [
  'bootstrap',
  'start',
  'worker-lifecycle',
  'worker-marketData',
  'worker-training',
  'worker-validation',
  'worker-trading',
  'temporal',
  'mlflow',
  'minio',
  'postgres',
  'paper-exchange',
] as const;

/** One of the victims. */
export type Victim = (typeof victims)[number];

/** Whether a victim can run in a phase: what cannot would only die in a later one. */
export function runsIn(victim: Victim, phase: Phase): boolean {
  if (victim === 'bootstrap' || victim === 'start') return true;
  if (phase === 'stopping') return false;
  return phase !== 'servers' || !(victim.startsWith('worker-') || victim === 'paper-exchange');
}
