import type { FailureEntry } from './entry.ts';

/** Failures of the area: validation. */
export const validationFailures = {
  SERIES_UNKNOWN: {
    summary: 'A file holds several series and none was named, or not the one that was.',
    action: 'Name one of the columns that the message lists, e.g. `--column NAME` or `--benchmark-column NAME`.',
    retry: 'never',
  },
  SERIES_NOT_ALIGNED: {
    summary: 'Returns and their benchmark cannot be joined: no time in common, or no times to join by.',
    action: 'Give both files a column of the same dates, or none of them and equally many rows.',
    retry: 'never',
  },
  RETURNS_IMPOSSIBLE: {
    summary: 'A figure in a file of returns is no return that an account can have.',
    action: 'Give simple returns as fractions of at least -1: 0.01 is one percent. Turn prices into returns first.',
    retry: 'never',
  },
  TRIALS_INSUFFICIENT: {
    summary: 'A file of trials is too small to say anything of the choice among them.',
    action:
      'Give the returns of everything that was tried, a column each, at least two that vary, over the same sessions; or ask for fewer blocks or groups.',
    retry: 'never',
  },
  HOLDOUT_UNPROVEN: {
    summary: 'A version was to be scored on sessions of which it cannot be shown that its training never saw them.',
    action:
      'Validate with the `validation.holdoutSessions` that the version was trained with, or train it anew: `plimsoll train`.',
    retry: 'never',
  },
  RETURNS_UNDATED: {
    summary: 'A tear sheet was asked for of returns without dates, or of several returns at one date.',
    action: 'Give a file with a column of dates and one return a session; `plimsoll metrics` needs no dates.',
    retry: 'never',
  },
  SIMULATION_IMPOSSIBLE: {
    summary: 'Paths cannot be made as asked for: too few returns, or returns that do not vary.',
    action: 'Take the bootstrap (`--monte-carlo bootstrap`, `validation.monteCarlo.method`), or a longer curve.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
