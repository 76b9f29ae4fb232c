import type { FailureEntry } from './entry.ts';

/** Failures of the area: console. */
export const consoleFailures = {} as const satisfies Readonly<Record<string, FailureEntry>>;
