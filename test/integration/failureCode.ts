import { isFailure } from '#domain/failure.ts';

/** The code of the failure a promise ends with; anything else is said in words, so that no expectation matches it. */
export async function failureCode(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  return isFailure(error) ? error.code : `no failure: ${String(error)}`;
}
