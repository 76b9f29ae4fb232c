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
    summary:
      'MinIO has to be built from source and there is no Go: the home was begun with it, or nothing else serves.',
    action: 'Install Go 1.24 or later, or name a binary with `PLIMSOLL_MINIO_BINARY` or a running S3 service.',
    retry: 'never',
  },
  COMPILER_MISSING: {
    summary: 'There is no C++ compiler for the TensorFlow addon.',
    action: 'Install one (Debian: `apt-get install g++`), or name one with `CXX`.',
    retry: 'never',
  },
  TENSORFLOW_PLATFORM_UNSUPPORTED: {
    summary: 'No TensorFlow library is pinned for this kind of machine.',
    action: 'Run on Linux, x86_64 or arm64; training in pure JavaScript would be sixty times slower.',
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
    action: 'Remove `node_modules` and start again, or name a running server with `PLIMSOLL_POSTGRES_URL`.',
    retry: 'never',
  },
  POSTGRES_ROOT_REFUSED: {
    summary: 'PostgreSQL does not run as root, and this machine allows no other way.',
    action: 'Start as another user, or name a running server with `PLIMSOLL_POSTGRES_URL`.',
    retry: 'never',
  },
  POSTGRES_DATA_FOREIGN: {
    summary: "PostgreSQL's data folder belongs to another user.",
    action: 'Start as the user the message names, or give the folder to yourself with `chown -R`.',
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
  SERVER_GIVEN_UP: {
    summary: 'A server was started again and again and did not stay.',
    action: 'Read its log, which the message names, mend the cause, then `plimsoll down` and `plimsoll up`.',
    retry: 'never',
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
  SERVER_UNREACHABLE: {
    summary: 'A server whose address was given does not answer.',
    action: 'Start it, correct its address, or remove the address to have one of our own started.',
    retry: 'backoff',
  },
  SERVER_SILENT: {
    summary: 'A server of the running stack does not answer.',
    action: 'Read `plimsoll logs`; `plimsoll down` and `plimsoll up` start it anew.',
    retry: 'backoff',
  },
  WORKFLOW_NOT_REPLAYABLE: {
    summary: 'Workflows that are under way cannot be carried on by this version of the code; the worker does not run.',
    action:
      'Return to the version that began them until they end; or put the change behind `patched`; or terminate, in the ' +
      'pages of Temporal, those the message names and start them anew.',
    retry: 'never',
  },
  NODE_UNSUPPORTED: {
    summary: 'Node is older than 20.19.',
    action: 'Install Node 20.19 or later and run the same command again.',
    retry: 'never',
  },
  PROGRAM_UNKNOWN: {
    summary: 'There is no benchmark or chaos program of this name.',
    action: 'Choose one of the names that the message lists.',
    retry: 'never',
  },
  NPM_MISSING: {
    summary: 'npm cannot be run.',
    action: 'Install npm beside Node.',
    retry: 'never',
  },
  PACKAGES_NOT_INSTALLED: {
    summary: 'The npm packages of the lock file are not, or not completely, installed.',
    action: 'Run `npm start` again, which resumes; read what npm says.',
    retry: 'never',
  },
  DISK_FULL: {
    summary: 'Too little room is left on a disk the stack writes to.',
    action: 'Free space, or move state and binaries with `PLIMSOLL_HOME` and `PLIMSOLL_CACHE`.',
    retry: 'never',
  },
  MEMORY_SHORT: {
    summary: 'Too little memory is left for the servers and workers.',
    action: 'Stop other programs, or raise the memory limit of the container.',
    retry: 'never',
  },
  CLOCK_OFF: {
    summary: "This machine's clock is wrong.",
    action: 'Set the clock and keep it by NTP: object stores refuse a clock that is off, sessions open by it.',
    retry: 'never',
  },
  CACHE_BROKEN: {
    summary: 'Something in the cache of binaries is damaged, or the cache cannot be written.',
    action: 'Remove the folder the message names and start again: it is provided anew.',
    retry: 'never',
  },
  RESET_UNCONFIRMED: {
    summary: 'A reset deletes every model, order and record of the home, and was not confirmed.',
    action: 'Repeat it with `--yes` when that is what you want.',
    retry: 'never',
  },
  HOME_UNRECOGNISED: {
    summary: 'The folder to be reset is not the home of a stack.',
    action: 'Check `PLIMSOLL_HOME`; nothing was deleted.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
