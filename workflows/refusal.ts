import { ApplicationFailure } from '@temporalio/workflow';
import type { FailureCode } from '#domain/failures/catalogue.ts';

/** Why a workflow does not take what it was asked: a failure of the catalogue, as the asker receives it. */
export function refusal(code: FailureCode, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, code);
}
