import { S3Error } from 'minio';
import { Failure } from '#domain/failure.ts';

const missing = new Set(['NoSuchKey', 'NotFound']);
// Faults of the service, after the S3 API reference's table of error codes.
const faults = new Set([
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'XMinioServerNotInitialized',
]);

/** Our failure for what the S3 client threw; a mistake of ours comes back as it was. */
export function objectStoreFailure(error: unknown, subject: string): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const cause = { cause: error };
  const code = 'code' in error ? String(error.code) : error.name;
  const details = { subject, code };
  if (error instanceof S3Error) {
    if (missing.has(code)) return new Failure('OBJECT_MISSING', `no object has the key ${subject}`, details, cause);
    if (faults.has(code)) return unreachable(error, details);
    return new Failure('OBJECT_STORE_REFUSED', `S3 refused ${subject}: ${code} ${error.message}`, details, cause);
  }
  const connection = /^(ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_)/.test(code);
  // The client words a 5xx only in its message; `aborted` is a body that ended early.
  if (connection || /Retryable HTTP status|aborted|socket hang up/.test(error.message)) {
    return unreachable(error, details);
  }
  return error;
}

function unreachable(error: Error, details: { readonly subject: string; readonly code: string }): Failure {
  const problem = error.message || details.code;
  return new Failure('OBJECT_STORE_UNREACHABLE', `the object store failed: ${problem}`, details, { cause: error });
}
