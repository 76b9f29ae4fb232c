import type { FailureEntry } from './entry.ts';

/** Failures of the area: model. */
export const modelFailures = {} as const satisfies Readonly<Record<string, FailureEntry>>;
