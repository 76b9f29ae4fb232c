import type { FailureEntry } from './entry.ts';

/** Failures of the area: backtest. */
export const backtestFailures = {
  STRATEGY_UNKNOWN: {
    summary: 'No strategy has that name, or the file of one cannot be loaded.',
    action: 'Take a name the message lists, or give the path of a module that exports `strategy`.',
    retry: 'never',
  },
  STRATEGY_INVALID: {
    summary: 'A strategy was given a parameter it does not take, or a module exports something else than a strategy.',
    action: 'Correct what the message names; docs/backtest.md shows what a module exports.',
    retry: 'never',
  },
  BACKTEST_BARS_INVALID: {
    summary: 'Bars cannot be played: a column or a time is missing, or a price is none.',
    action: 'Give daily bars with date, open, high, low, close and volume; `plimsoll data check` tells more.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
