import type { SessionDate } from '#domain/sessionDate.ts';
import { digestOf } from '#domain/sha256.ts';
import { walkForwardFolds } from '#pipelines/folds.ts';
import { lookBackOf } from './trainWindow.ts';
import type { ValidationRequest, WalkForwardPlan } from './validationActivities.ts';

/** Sessions until the slowest indicator of the default features has a value. */
const warmUpSessions = 50;

/**
 * The windows that a validation asks for, the latest where it asks for some only.
 * @param sessions those of the features, ascending
 */
export function walkForwardPlan(
  sessions: readonly SessionDate[],
  { plan, training }: Pick<ValidationRequest, 'plan' | 'training'>,
): WalkForwardPlan {
  // Indicators need sessions to warm up, and the first window's samples need a whole window of features.
  const warm = sessions.slice(warmUpSessions + lookBackOf(training).windowSessions);
  const folds = walkForwardFolds(warm, plan.walkForward);
  const windows = folds.slice(-(plan.windowsMax ?? folds.length)).map(({ index, train, test }) => ({
    index,
    trainFrom: train.from,
    trainTo: train.to,
    testFrom: test.from,
    testTo: test.to,
  }));
  return { planDigest: digestOf({ plan, training, windows }), windows };
}
