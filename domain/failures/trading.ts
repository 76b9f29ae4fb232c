import type { FailureEntry } from './entry.ts';

/** Failures of the area: trading. */
export const tradingFailures = {} as const satisfies Readonly<Record<string, FailureEntry>>;
