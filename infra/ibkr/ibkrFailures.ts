import { Failure } from '#domain/failure.ts';
import type { FailureCode } from '#domain/failures/catalogue.ts';
import type { RefusalMeaning } from './twsRefusals.ts';
import type { TwsEnd } from './twsConnection.ts';

const codeByMeaning: Readonly<Record<RefusalMeaning, FailureCode>> = {
  empty: 'PROVIDER_REFUSED',
  pacing: 'PROVIDER_RATE_LIMITED',
  passing: 'PROVIDER_UNREACHABLE',
  notEntitled: 'PROVIDER_CREDENTIALS_REFUSED',
  refused: 'PROVIDER_REFUSED',
};
const codeByEnd: Readonly<Record<TwsEnd['kind'], FailureCode>> = {
  lost: 'PROVIDER_UNREACHABLE',
  clientIdTaken: 'TWS_CLIENT_ID_TAKEN',
  versionUnsupported: 'TWS_VERSION_UNSUPPORTED',
};

/** What was asked of TWS and what came of it, in words. */
export interface IbkrProblem {
  /** What was asked, e.g. `bars of AAPL`. */
  readonly asked: string;
  readonly problem: string;
  readonly cause?: unknown;
}

/** A failure of a question. */
export function ibkrFailure(code: FailureCode, { asked, problem, cause }: IbkrProblem): Failure {
  return new Failure(code, `ibkr, ${asked}: ${problem}`, { provider: 'ibkr', asked, problem }, { cause });
}

/** The code of a refusal that is final. */
export function failureOfRefusal(meaning: RefusalMeaning): FailureCode {
  return codeByMeaning[meaning];
}

/** The code of a connection that ended. */
export function failureOfEnd(kind: TwsEnd['kind']): FailureCode {
  return codeByEnd[kind];
}
