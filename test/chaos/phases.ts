/** Phases of a start, in their order; `opening` is everything between the last program and the first workflow. */
export const phases = [
  'servers',
  'workers',
  'opening',
  'ingest',
  'train',
  'validate',
  'promote',
  'session',
  'breaker',
  'stopping',
] as const;

/** One phase of a start. */
export type Phase = (typeof phases)[number];

/** About how long each takes on two cores: a strike falls within that of its phase's beginning. */
export const phaseMs: Readonly<Record<Phase, number>> = {
  servers: 14_000,
  workers: 15_000,
  opening: 4_000,
  ingest: 4_000,
  train: 10_000,
  validate: 10_000,
  promote: 2_000,
  session: 5_000,
  breaker: 5_000,
  stopping: 2_000,
};

/** Whether the first phase is over when the second has begun. */
export function isBefore(first: Phase, second: Phase): boolean {
  return phases.indexOf(first) < phases.indexOf(second);
}

/** The phase a line of a start's progress (`12 s  NAME: text`) tells of; undefined for any other line. */
export function phaseTold(line: string): Phase | undefined {
  const [, name, text] = /^\d+ s {2}([\w-]+):\s?(.*)$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  if (name === 'console') return text === 'running' ? 'opening' : 'workers';
  if (name === 'workflows' || name === 'paper-exchange' || name.startsWith('worker-')) return 'workers';
  return phases.find((phase) => phase === name) ?? 'servers';
}
