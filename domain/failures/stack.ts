import type { FailureEntry } from './entry.ts';

/** Failures of the area: stack. */
export const stackFailures = {} as const satisfies Readonly<Record<string, FailureEntry>>;
