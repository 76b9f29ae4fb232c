import { Failure } from '#domain/failure.ts';

/** Runs an estimate. @throws Failure RISK_METHOD_UNFIT where the figures do not fit its method */
export function fitting<Result>(estimate: () => Result): Result {
  try {
    return estimate();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure('RISK_METHOD_UNFIT', error.message, {}, { cause: error });
  }
}
