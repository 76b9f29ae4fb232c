import type { FailureEntry } from './entry.ts';

/** Failures of the area: configuration. */
export const configurationFailures = {} as const satisfies Readonly<Record<string, FailureEntry>>;
