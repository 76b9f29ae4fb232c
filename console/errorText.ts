import { isFailure } from '#domain/failure.ts';
import { failureEntry, isFailureCode } from '#domain/failures/catalogue.ts';
import { exitCodes, type ExitCode } from './answer.ts';

/** An error as the command line and the web console tell it. */
export interface ToldError {
  /** A code of the catalogue or of a rule of a workflow; INTERNAL for an error nobody foresaw. */
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly action: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly exitCode: ExitCode;
}

// A rule said no, and would say so again: nothing is broken.
const refusals: ReadonlySet<string> = new Set([
  'AUTHOR_MAY_NOT_REVIEW',
  'BACKFILL_REFUSED',
  'CONFIGURATION_LIVE_REFUSED',
  'CREDENTIALS_REFUSED',
  'DATA_CONTRACT_BROKEN',
  'DEMONSTRATION_REFUSED',
  'DIGEST_MISMATCH',
  'FORM_REFUSED',
  'INGEST_REFUSED',
  'INGEST_RUNNING',
  'LIVE_TRADING_NOT_ENABLED',
  'LOGIN_PAUSED',
  'HOME_UNRECOGNISED',
  'PASSWORD_REFUSED',
  'PERSON_EXISTS',
  'PERSON_NAME_REFUSED',
  'RESET_UNCONFIRMED',
  'RESTART_UNRECONCILED',
  'REVIEWER_UNKNOWN',
]);
const refusedPrefixes = ['REVIEW_', 'RESTART_'];

/** Tells an error: a failure of ours by its catalogue entry, one that came through a workflow by its code, any other whole. */
export function tellError(error: unknown): ToldError {
  const known = isFailure(error)
    ? { code: error.code, message: error.message, details: error.details }
    : carriedFailure(error);
  if (known) {
    const action = isFailureCode(known.code)
      ? failureEntry(known.code).action
      : 'The rule stands; nothing was changed.';
    return { ...known, action, exitCode: exitCodeOf(known.code) };
  }
  return {
    code: 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    action: 'Look at `plimsoll logs`; `plimsoll doctor` names usual faults.',
    details: {},
    exitCode: exitCodes.failure,
  };
}

/** A told error as people read it. */
export function errorLine({ code, message, action }: ToldError): string {
  return `${code}: ${message} / ${action}`;
}

function exitCodeOf(code: string): ExitCode {
  if (code === 'COMMAND_UNKNOWN') return exitCodes.usage;
  const isRefusal = refusals.has(code) || refusedPrefixes.some((prefix) => code.startsWith(prefix));
  return isRefusal ? exitCodes.refused : exitCodes.failure;
}

// Temporal wraps an ApplicationFailure, whose type is our code, in errors of its own.
function carriedFailure(error: unknown): Pick<ToldError, 'code' | 'message' | 'details'> | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { type } = at as { readonly type?: unknown };
    if (typeof type === 'string' && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(type)) {
      return { code: type, message: at.message, details: {} };
    }
  }
  return undefined;
}
