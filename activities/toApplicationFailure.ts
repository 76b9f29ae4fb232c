import { ApplicationFailure } from '@temporalio/activity';
import type { Failure } from '#domain/failure.ts';
import { failureEntry } from '#domain/failures/catalogue.ts';

/** A failure of ours as Temporal carries it: its type is the stable code, its retry is the catalogue's. */
export function toApplicationFailure(failure: Failure): ApplicationFailure {
  return ApplicationFailure.create({
    type: failure.code,
    message: failure.message,
    nonRetryable: failureEntry(failure.code).retry === 'never',
    details: [failure.details],
    cause: failure,
  });
}
