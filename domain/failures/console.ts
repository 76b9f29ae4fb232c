import type { FailureEntry } from './entry.ts';

/** Failures of the area: console. */
export const consoleFailures = {
  COMMAND_UNKNOWN: {
    summary: 'The command line was not understood.',
    action: 'Read `plimsoll help`, or `plimsoll help COMMAND`.',
    retry: 'never',
  },
  CREDENTIALS_REFUSED: {
    summary: 'The name and password belong to no active person.',
    action: 'Check PLIMSOLL_REVIEWER and PLIMSOLL_PASSWORD, or ask for an account.',
    retry: 'never',
  },
  CREDENTIALS_MISSING: {
    summary: 'The command acts in the name of a person and was not told whom.',
    action: 'Give --reviewer and PLIMSOLL_PASSWORD, or answer the question on a terminal.',
    retry: 'never',
  },
  PERSON_EXISTS: {
    summary: 'An active person has the name already.',
    action: 'Take another name for another person; `plimsoll people password NAME --reset` is for a lost password.',
    retry: 'never',
  },
  PERSON_UNKNOWN: {
    summary: 'No active person has the name.',
    action: 'See the names with `plimsoll people list`.',
    retry: 'never',
  },
  PERSON_NAME_REFUSED: {
    summary: 'A name holds other than lower-case letters, digits, dots and hyphens, or is too long.',
    action: 'Take a name as the message describes; it stands in every record the person signs.',
    retry: 'never',
  },
  PASSWORD_REFUSED: {
    summary: 'A password is too short or too long, or was not typed the same twice.',
    action: 'Take a longer one: several words are easy to keep and hard to guess.',
    retry: 'never',
  },
  DEMONSTRATION_REFUSED: {
    summary: 'The demonstration would trade at a real broker, or approve unattended in a PostgreSQL that was given.',
    action:
      'Demonstrate with `trading.broker.kind: paper-exchange`; leave `--unattended` out and let real reviewers approve (`plimsoll people add`), or let Plimsoll start its own PostgreSQL.',
    retry: 'never',
  },
  LOGIN_PAUSED: {
    summary: 'Too many logins failed for this name or from this address.',
    action: 'Wait five minutes; if it was not you, look at who it was in the log of the console.',
    retry: 'backoff',
  },
  FORM_REFUSED: {
    summary: 'A form came without the token of its page, or from another page.',
    action: 'Load the page again and repeat the step.',
    retry: 'never',
  },
  PROMOTION_UNKNOWN: {
    summary: 'No promotion of this name is under way.',
    action: 'List those waiting with `plimsoll review list`.',
    retry: 'never',
  },
  DIGEST_MISMATCH: {
    summary: 'The digest given is not that of the candidate under review.',
    action: 'Look at the candidate again with `plimsoll review show`; approve only what you looked at.',
    retry: 'never',
  },
  DOCUMENT_MISSING: {
    summary: 'The candidate has no such document.',
    action: 'Check that its validation ended; `plimsoll review show` tells what it has.',
    retry: 'never',
  },
  HALT_INCOMPLETE: {
    summary: 'Part of a halt could not be carried out.',
    action: 'Repeat the halt until it is complete; meanwhile stop the account at the broker itself.',
    retry: 'backoff',
  },
  MARKET_CLOSED: {
    summary: 'The account is halted and its orders are cancelled, but the market is closed: positions stay open.',
    action: 'Repeat `plimsoll halt ACCOUNT --liquidate` when the market opens, or let the guard close them.',
    retry: 'never',
  },
  WORKERS_SILENT: {
    summary: 'Temporal, or the workers behind it, did not answer in time.',
    action:
      'See that they run (`plimsoll status`), then repeat: the same request again is safe. A halt works without them.',
    retry: 'backoff',
  },
  LINEAGE_UNKNOWN: {
    summary: 'Nothing of this identity is an order, or led to one.',
    action: 'Give a client order id or an execution (`plimsoll sessions list`, the session report), or a whole digest.',
    retry: 'never',
  },
  LINEAGE_UNPROVEN: {
    summary: 'A step between an order and its origins is missing or was altered.',
    action: 'Halt the account, keep database and object store as evidence, and see which proof does not hold.',
    retry: 'never',
  },
  AUDIT_SIGNATURE_FORGED: {
    summary: 'A review in the database carries a signature that the key of its reviewer did not make.',
    action: 'Stop trading the model, keep the database as evidence, and have the version reviewed again.',
    retry: 'never',
  },
  AUDIT_BROKEN: {
    summary: 'The audit chain does not follow from itself: a record was altered or removed.',
    action: 'Stop trading, keep the database as evidence, and compare with a backup from before the named record.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
