import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { SessionSpan } from './sessionSpan.ts';

/** Lengths of a walk-forward, in sessions. */
export interface FoldPlan {
  /** Rolling windows train on the same length; anchored ones on everything from the first session on. */
  readonly kind: 'rolling' | 'anchored';
  /** Of an anchored window: of the first one. */
  readonly trainSessions: number;
  readonly testSessions: number;
  /** From one window's start to the next one's; at most `testSessions`. */
  readonly stepSessions: number;
  /**
   * Sessions cut from the end of training because their labels look into the test. Samples built with reach `purged`
   * already leave those out exactly, so 0 is right for them.
   */
  readonly purgeSessions: number;
  /** Further sessions cut from the end of training, against what labels do not show. */
  readonly embargoSessions: number;
}

/** A year to train, a quarter to be judged on, a month to move. */
export const defaultFoldPlan: FoldPlan = {
  kind: 'rolling',
  trainSessions: 252,
  testSessions: 63,
  stepSessions: 21,
  purgeSessions: 0,
  embargoSessions: 0,
};

/** The part of a window that is judged. */
export type TestFold = Pick<Fold, 'index' | 'test'>;

/** One window of a walk-forward. */
export interface Fold {
  /** From 0, oldest first. */
  readonly index: number;
  readonly train: SessionSpan;
  readonly test: SessionSpan;
}

/**
 * Windows over sessions, rolling or anchored: each trains on a stretch and is judged on the one right after it. The last full
 * window is included; sessions left over at the end are fewer than a step and belong to no window.
 * @param sessions ascending
 * @throws Failure SESSIONS_INSUFFICIENT when not one window fits
 * @throws RangeError when a length is no whole number, or a step would leave sessions unjudged
 */
export function walkForwardFolds(sessions: readonly SessionDate[], plan: FoldPlan = defaultFoldPlan): readonly Fold[] {
  checkPlan(plan);
  const { trainSessions, testSessions, stepSessions } = plan;
  const needed = trainSessions + testSessions;
  if (sessions.length < needed) {
    const message = `a window needs ${needed} sessions, there are ${sessions.length}`;
    throw new Failure('SESSIONS_INSUFFICIENT', message, { needed, present: sessions.length });
  }
  const cut = plan.purgeSessions + plan.embargoSessions;
  const folds: Fold[] = [];
  for (let start = 0; start + needed <= sessions.length; start += stepSessions) {
    const testStart = start + trainSessions;
    folds.push({
      index: folds.length,
      train: { from: sessions[plan.kind === 'anchored' ? 0 : start]!, to: sessions[testStart - 1 - cut]! },
      test: { from: sessions[testStart]!, to: sessions[testStart + testSessions - 1]! },
    });
  }
  return folds;
}

/**
 * The part of each window's test that counts when windows are stitched: its first step, and the whole of the last one,
 * so that every judged session counts exactly once.
 * @param folds consecutive windows as `walkForwardFolds` gave them; leaving out the oldest ones is allowed
 * @returns as many spans as folds, each inside its fold's test
 */
export function outOfSampleSlices(
  sessions: readonly SessionDate[],
  folds: readonly TestFold[],
): readonly SessionSpan[] {
  return folds.map((fold, position) => {
    const next = folds[position + 1];
    if (!next) return fold.test;
    const end = sessions.indexOf(next.test.from);
    if (next.index !== fold.index + 1 || end < 1) throw new RangeError('folds are not consecutive windows of sessions');
    return { from: fold.test.from, to: sessions[end - 1]! };
  });
}

/** A window in words, for logs and reports. */
export function describeFold({ index, train, test }: Fold): string {
  return `window ${index}: train ${train.from} to ${train.to}, test ${test.from} to ${test.to}`;
}

function checkPlan(plan: FoldPlan): void {
  const minima = { trainSessions: 1, testSessions: 1, stepSessions: 1, purgeSessions: 0, embargoSessions: 0 };
  for (const [name, min] of Object.entries(minima) as [keyof typeof minima, number][]) {
    const value = plan[name];
    if (!Number.isSafeInteger(value) || value < min)
      throw new RangeError(`${name} must be a whole number of at least ${min}, not ${value}`);
  }
  if (plan.stepSessions > plan.testSessions) {
    throw new RangeError(
      `a step of ${plan.stepSessions} sessions leaves some unjudged: tests have ${plan.testSessions}`,
    );
  }
  if (plan.purgeSessions + plan.embargoSessions >= plan.trainSessions) {
    throw new RangeError('purge and embargo leave nothing to train on');
  }
}
