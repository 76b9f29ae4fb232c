import type { FailureEntry } from './entry.ts';

/** Failures of the area: configuration. */
export const configurationFailures = {
  CONFIGURATION_FILE_MISSING: {
    summary: 'The settings file that was named does not exist or cannot be read.',
    action: 'Correct PLIMSOLL_CONFIG, or unset it to use plimsoll.yaml in the checkout.',
    retry: 'never',
  },
  CONFIGURATION_UNKNOWN_KEY: {
    summary: 'The settings hold a key that nothing reads.',
    action: 'Correct the key to the suggested one, or remove it; `plimsoll config show` lists every key.',
    retry: 'never',
  },
  CONFIGURATION_INVALID: {
    summary: 'The settings hold values that break a rule.',
    action: 'Correct every value the message names, in the file or the environment it names.',
    retry: 'never',
  },
  CONFIGURATION_LIVE_REFUSED: {
    summary: 'Live trading was switched on in one place only.',
    action:
      'Set trading.mode to live in the settings file and PLIMSOLL_LIVE_ACCOUNT to the account, or trade on paper.',
    retry: 'never',
  },
  PLAN_UNKNOWN: {
    summary: 'No plan has the name.',
    action: 'Name one of the plans the message lists.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
