import type { FailureEntry } from './entry.ts';

/** Failures of the area: promotion. */
export const promotionFailures = {
  VALIDATION_MISSING: {
    summary: 'An artifact asked for promotion without ever being validated.',
    action: 'Run the validation of this version, then ask again.',
    retry: 'never',
  },
  REVIEWER_UNKNOWN: {
    summary: 'The person is no active reviewer.',
    action: 'Ask a person with the role reviewer; an administrator gives the role.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
