import type { FailureEntry } from './entry.ts';

/** Failures of the area: registry. */
export const registryFailures = {
  REGISTRY_UNREACHABLE: {
    summary: 'MLflow did not answer, or answered with a fault of its own.',
    action: 'Check that it runs (`plimsoll status`) and its log; calls are repeated with longer waits.',
    retry: 'backoff',
  },
  REGISTRY_REFUSED: {
    summary: 'MLflow refused a request.',
    action: "Read MLflow's words in the message; a 403 in plain text means MLFLOW_SERVER_ALLOWED_HOSTS lacks the host.",
    retry: 'never',
  },
  REGISTRY_LIMIT_EXCEEDED: {
    summary: 'A value is longer than MLflow keeps: it would be cut without a word.',
    action: 'Store the long value as an artifact and log its digest.',
    retry: 'never',
  },
  REGISTRY_CONFLICT: {
    summary: 'MLflow holds something else under an identity that is written once: a parameter, a run, a version.',
    action: 'Compare the two; two different trainings or artifacts were given one identity.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
