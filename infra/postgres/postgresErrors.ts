import { DatabaseError } from 'pg';
import { Failure } from '#domain/failure.ts';

// SQLSTATE, PostgreSQL 18 documentation, appendix A.
const foreignKeyViolation = '23503';
const uniqueViolation = '23505';
const queryCancelled = '57014';
const lockNotAvailable = '55P03';
const transient = new Set(['40001', '40P01']);

/** Whether a transaction may succeed when it runs again from its start: a serialization failure or a deadlock. */
export function isTransient(error: unknown): boolean {
  return error instanceof DatabaseError && transient.has(error.code ?? '');
}

/** Our failure for what pg threw; what is a mistake of ours (syntax, types) comes back as it was. */
export function postgresFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const cause = { cause: error };
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    const details = { sqlState: code, table: error.table ?? null, constraint: error.constraint ?? null };
    if (code === foreignKeyViolation) {
      return new Failure('LINEAGE_BROKEN', `a row points at one that is not there: ${error.message}`, details, cause);
    }
    if (code === uniqueViolation) {
      return new Failure('ROW_CONFLICT', `another row holds the identity: ${error.message}`, details, cause);
    }
    if (code === queryCancelled || code === lockNotAvailable) {
      return new Failure('DATABASE_TIMED_OUT', `PostgreSQL gave up a statement: ${error.message}`, details, cause);
    }
    if (transient.has(code)) {
      return new Failure('DATABASE_CONTENDED', `a transaction lost every attempt: ${error.message}`, details, cause);
    }
    // 08: connection; 57P: the server shuts down or starts; 53300: no connection slot is free.
    if (/^(08|57P)/.test(code) || code === '53300') return unreachable(error);
    return error;
  }
  return isConnectionProblem(error) ? unreachable(error) : error;
}

function isConnectionProblem(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  if (/^(ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_)/.test(code)) return true;
  // pg names these by message only; an AggregateError is every address of a host refusing.
  return error instanceof AggregateError || /^(Connection terminated|timeout e|Query read timeout)/.test(error.message);
}

function unreachable(error: Error): Failure {
  const problem = error.message || ('code' in error ? String(error.code) : error.name);
  return new Failure('DATABASE_UNREACHABLE', `PostgreSQL cannot be reached: ${problem}`, { problem }, { cause: error });
}
