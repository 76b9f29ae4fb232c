import type { FailureEntry } from './entry.ts';

/** Failures of the area: risk. */
export const riskFailures = {
  RISK_METHOD_UNFIT: {
    summary:
      'The method cannot say anything of these returns: too few of them, none that differ, or a shape it is not for.',
    action:
      'Read the message; give more returns, a shorter `--window`, or another `--method`: historical takes any shape.',
    retry: 'never',
  },
  RISK_WEIGHTS_UNREADABLE: {
    summary: 'A file of weights does not give every column of returns one weight.',
    action: 'Give two columns, `name,weight`, a line for every column of the returns; fractions of what is held.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
