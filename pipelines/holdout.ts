import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { SessionSpan } from './sessionSpan.ts';

/** How the end of the sessions is kept from training. */
export interface HoldoutPlan {
  /** Last sessions, kept from every snapshot until their own day's ingest; 0 when the sessions are a snapshot's own. */
  readonly heldBackSessions: number;
  /** Sessions before those that score the candidate's bytes. */
  readonly scoringSessions: number;
  /** Sessions cut from the end of training; 0 where samples are built with reach `purged`. */
  readonly purgeSessions: number;
}

/** A quarter to trade on paper, and the quarter before it to score the candidate. */
export const defaultHoldoutPlan: HoldoutPlan = { heldBackSessions: 63, scoringSessions: 63, purgeSessions: 0 };

/** Three parts of the sessions, in order of time. */
export interface Holdout {
  readonly training: SessionSpan;
  readonly scoring: SessionSpan;
  /** Absent when nothing is held back. */
  readonly heldBack?: SessionSpan;
}

/**
 * Splits sessions from their end: held back, scoring, and the rest for training.
 * @param sessions ascending
 * @throws Failure SESSIONS_INSUFFICIENT when nothing is left for training
 * @throws RangeError when a length is no whole number, or there is nothing to score on
 */
export function splitHoldout(sessions: readonly SessionDate[], plan: HoldoutPlan = defaultHoldoutPlan): Holdout {
  const { heldBackSessions, scoringSessions, purgeSessions } = plan;
  if (
    ![heldBackSessions, scoringSessions - 1, purgeSessions].every((value) => Number.isSafeInteger(value) && value >= 0)
  ) {
    throw new RangeError('held back, scoring and purged sessions must be whole numbers, scoring at least 1');
  }
  const kept = sessions.length - heldBackSessions;
  const scoringStart = kept - scoringSessions;
  const trainingEnd = scoringStart - purgeSessions;
  if (trainingEnd < 1) {
    const needed = heldBackSessions + scoringSessions + purgeSessions + 1;
    const message = `holding sessions back needs ${needed} of them, there are ${sessions.length}`;
    throw new Failure('SESSIONS_INSUFFICIENT', message, { needed, present: sessions.length });
  }
  return {
    training: { from: sessions[0]!, to: sessions[trainingEnd - 1]! },
    scoring: { from: sessions[scoringStart]!, to: sessions[kept - 1]! },
    ...(heldBackSessions > 0 && { heldBack: { from: sessions[kept]!, to: sessions.at(-1)! } }),
  };
}
