import { isFailure } from '#domain/failure.ts';
import type { FailureCode } from '#domain/failures/catalogue.ts';

/** What one check of the doctor found. */
export type Finding = { readonly check: string } & (
  | { readonly state: 'well' | 'skipped'; readonly message: string }
  | { readonly state: 'fault'; readonly code: FailureCode; readonly message: string }
);

/** All is well with something. */
export function well(check: string, message: string): Finding {
  return { check, state: 'well', message };
}

/** Something is wrong, by a code of the catalogue, which says what to do. */
export function fault(check: string, code: FailureCode, message: string): Finding {
  return { check, state: 'fault', code, message };
}

/** Something could not be looked at, and why. */
export function skipped(check: string, message: string): Finding {
  return { check, state: 'skipped', message };
}

/** Runs a check that throws a failure when something is wrong; the text it returns says what is there. */
export async function findingOf(check: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return well(check, await look());
  } catch (error) {
    if (isFailure(error)) return fault(check, error.code, error.message);
    throw error;
  }
}
