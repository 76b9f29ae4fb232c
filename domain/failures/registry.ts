import type { FailureEntry } from './entry.ts';

/** Failures of the area: registry. */
export const registryFailures = {} as const satisfies Readonly<Record<string, FailureEntry>>;
