import type { FailureEntry } from './entry.ts';

/** Failures of the area: data. */
export const dataFailures = {} as const satisfies Readonly<Record<string, FailureEntry>>;
