import type { FailureEntry } from './entry.ts';

/** Failures of the area: providers of market data. */
export const providerFailures = {
  PROVIDER_UNREACHABLE: {
    summary: 'A provider of market data did not answer, cut its answers short, or answered with a fault of its own.',
    action: 'Look at the status page of the vendor and at the way there; the question is safe to repeat.',
    retry: 'backoff',
  },
  PROVIDER_RATE_LIMITED: {
    summary: 'A provider kept answering that the plan is used up, for longer than we wait.',
    action: 'Wait for the time it named, ask for less, or raise the plan; set the plan in `data.providers`.',
    retry: 'backoff',
  },
  PROVIDER_CREDENTIALS_MISSING: {
    summary: 'A provider needs credentials and none are configured.',
    action: 'Set the keys that `plimsoll data providers` names, best by their environment variables.',
    retry: 'never',
  },
  PROVIDER_CREDENTIALS_REFUSED: {
    summary: 'A provider refused the credentials, or the subscription does not cover what was asked.',
    action: 'Check the keys and what the plan includes: feed, history, delay.',
    retry: 'never',
  },
  PROVIDER_REFUSED: {
    summary: 'A provider refused a question, also by an error inside an answer that called itself a success.',
    action: 'Read its words in the message: most often a symbol or a range that it does not know.',
    retry: 'never',
  },
  PROVIDER_ANSWER_UNREADABLE: {
    summary: 'An answer of a provider has not the shape that its specification says; nothing of it was kept.',
    action: 'The message names the place. Compare with the specification of the vendor; the adapter may need a change.',
    retry: 'never',
  },
  PROVIDER_ANSWER_OVERSIZED: {
    summary: 'An answer of a provider is larger than any that was expected; it was cut off and nothing kept.',
    action: 'Ask for a shorter range; if it persists, find out what answers in place of the vendor.',
    retry: 'never',
  },
  PROVIDER_PAGES_ENDLESS: {
    summary: 'A provider named the same next page twice, more pages than any answer has, or took too long over them.',
    action: 'Ask for a shorter range and report it to the vendor; nothing was kept.',
    retry: 'never',
  },
  PROVIDER_CAPABILITY_MISSING: {
    summary: 'A provider was asked for something it does not have.',
    action: 'Choose another one: `plimsoll data providers` lists what each can do.',
    retry: 'never',
  },
  PROVIDER_BARS_MISSING: {
    summary: 'A provider has no bars of some symbols of the dataset.',
    action: 'Correct `data.symbols`, or the first session; a dataset is ingested whole or not at all.',
    retry: 'never',
  },
  TWS_CLIENT_ID_TAKEN: {
    summary: 'TWS or the IB Gateway has another connection under our client id.',
    action:
      'Give each program its own `data.providers.ibkr.clientId`: a download uses it, a live feed the two after it.',
    retry: 'backoff',
  },
  TWS_VERSION_UNSUPPORTED: {
    summary: 'TWS or the IB Gateway is too old, or something else answers at its address.',
    action: 'Update TWS or the IB Gateway to 10.19 or later; check `data.providers.ibkr.host` and `port`.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
