import type { FailureCode } from './failures/catalogue.ts';

/** Plain facts about a failure: small, serialisable, free of secrets. */
export type FailureDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/**
 * An error a user can meet. Its code is stable, documented in docs/failures.md and provoked by a test.
 * Expected outcomes (a denied order, a failed gate) are values, not failures.
 */
export class Failure extends Error {
  /** Stable identity, from the catalogue. */
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Failure';
    this.code = code;
    this.details = details;
  }
}

/** The failure behind an unknown error, when there is one. */
export function isFailure(error: unknown): error is Failure {
  return error instanceof Failure;
}
