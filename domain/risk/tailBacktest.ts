import { chiSquare } from '../distributions.ts';
import { tailRisk, type TailMethod } from './valueAtRisk.ts';

/** A likelihood ratio with the probability of one as large by chance. */
export interface RatioTest {
  readonly ratio: number;
  /** Small: the model is wrong. */
  readonly probability: number;
}

/** How often losses went beyond what had been said, and whether that was chance. */
export interface TailBacktest {
  readonly sessions: number;
  readonly exceedances: number;
  /** What a right model would have had. */
  readonly expected: number;
  /** Whether there are as many as there should be (Kupiec 1995). */
  readonly frequency: RatioTest;
  /** Whether one makes the next more likely (Christoffersen 1998). */
  readonly independence: RatioTest;
  /** Both together (Christoffersen 1998). */
  readonly both: RatioTest;
}

/**
 * Says each session's value at risk from the sessions before it and counts the losses beyond.
 * @param returns shape [sessions], daily simple returns, fractions, oldest first
 * @param plan `windowSessions` before each session, at least 2, fewer than there are; `confidence` in (0.5, 1)
 * @throws RangeError for a window that leaves no session, and as `tailRisk`
 */
export function backtestTail(
  method: TailMethod,
  returns: Float64Array,
  plan: { readonly windowSessions: number; readonly confidence: number },
): TailBacktest {
  const { windowSessions, confidence } = plan;
  if (!(Number.isSafeInteger(windowSessions) && windowSessions >= 2 && windowSessions < returns.length)) {
    throw new RangeError(`a window of ${windowSessions} leaves none of ${returns.length} sessions to look at`);
  }
  const beyond = Array.from({ length: returns.length - windowSessions }, (_, session) => {
    const known = returns.subarray(session, session + windowSessions);
    return -returns[session + windowSessions]! > tailRisk(method, known, confidence).valueAtRisk;
  });
  return testExceedances(beyond, confidence);
}

/**
 * The tests over a run of sessions.
 * @param beyond shape [sessions], whether the loss went beyond the value at risk, oldest first; at least two
 * @throws RangeError for fewer than two sessions or a confidence outside (0, 1)
 */
export function testExceedances(beyond: readonly boolean[], confidence: number): TailBacktest {
  const sessions = beyond.length;
  if (sessions < 2 || !(confidence > 0 && confidence < 1)) {
    throw new RangeError(`nothing to test: ${sessions} sessions at ${confidence}`);
  }
  const exceedances = beyond.filter(Boolean).length;
  const expectedPart = 1 - confidence;
  const frequency =
    2 *
    (logLikelihood(exceedances, sessions, exceedances / sessions) - logLikelihood(exceedances, sessions, expectedPart));
  // Exceedances that follow none, and that follow one.
  const after: readonly [Group, Group] = [
    { sessions: 0, exceedances: 0 },
    { sessions: 0, exceedances: 0 },
  ];
  for (let session = 1; session < sessions; session += 1) {
    const group = after[beyond[session - 1] ? 1 : 0];
    group.sessions += 1;
    group.exceedances += beyond[session] ? 1 : 0;
  }
  const [calm, struck] = after;
  const pooled = (calm.exceedances + struck.exceedances) / (sessions - 1);
  const apart = after.reduce((sum, group) => sum + logLikelihood(group.exceedances, group.sessions), 0);
  const together = after.reduce((sum, group) => sum + logLikelihood(group.exceedances, group.sessions, pooled), 0);
  const independence = 2 * (apart - together);
  return {
    sessions,
    exceedances,
    expected: sessions * expectedPart,
    frequency: ratioTest(frequency, 1),
    independence: ratioTest(independence, 1),
    both: ratioTest(frequency + independence, 2),
  };
}

interface Group {
  sessions: number;
  exceedances: number;
}

/** Of so many exceedances, by default at the rate that they have; 0 x log 0 is 0. */
function logLikelihood(
  exceedances: number,
  sessions: number,
  rate = sessions === 0 ? 0 : exceedances / sessions,
): number {
  const part = (count: number, probability: number): number => (count === 0 ? 0 : count * Math.log(probability));
  return part(exceedances, rate) + part(sessions - exceedances, 1 - rate);
}

function ratioTest(ratio: number, degreesOfFreedom: number): RatioTest {
  // Rounding can take a ratio of equal likelihoods below zero.
  const told = Math.max(0, ratio);
  return { ratio: told, probability: 1 - chiSquare(degreesOfFreedom).cumulative(told) };
}
