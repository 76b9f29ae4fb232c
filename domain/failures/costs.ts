import type { FailureEntry } from './entry.ts';

/** Failures of the area: costs. */
export const costFailures = {
  COST_RATE_UNKNOWN: {
    summary: "A broker's schedule, or a fee in it, was asked of a date that its table does not hold.",
    action:
      'Name a date within the table (`plimsoll costs schedules`), or a later version of it: a rate is never guessed at.',
    retry: 'never',
  },
  OBSERVATIONS_TOO_FEW: {
    summary: 'A model of costs was to be fitted to fewer observations than it needs, or to ones that are all alike.',
    action: 'Give more trades, fills or bars; the message names how many it takes. Nothing is guessed in their place.',
    retry: 'never',
  },
  COST_INPUT_INVALID: {
    summary: 'An order, a market or a trading schedule was described by a figure that cannot be one.',
    action: 'Correct the option that the message names; fractions are no percentages, and volumes are shares a day.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
