import type { FailureEntry } from './entry.ts';

/** Failures of the area: promotion. */
export const promotionFailures = {} as const satisfies Readonly<Record<string, FailureEntry>>;
