import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type {
  ValidationActivities,
  ValidationRequest,
  ValidationSummary,
  WindowDates,
  WindowResult,
} from '#activities/validationActivities.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';

const { planWalkForward, judgeWindow, scoreCandidate, reportValidation } = proxyActivities<ValidationActivities>(
  policies.validation,
);

/** Windows in flight at once: enough to fill the workers, few enough to keep the history calm. */
const windowsInFlightMax = 4;

/**
 * Judges a candidate: the procedure by walk-forward, its own bytes on the sessions training never saw.
 * A window that was judged before is not judged again.
 */
export async function validateModel(request: ValidationRequest): Promise<ValidationSummary> {
  mark({ model: request.candidate.model, stage: 'plan' });
  const plan = await planWalkForward.executeWithOptions({ summary: 'lay out the windows' }, [request]);

  mark({ stage: 'walkForward' });
  const windows = await judgeAll(request, plan.windows);

  mark({ stage: 'holdout' });
  const holdout = await scoreCandidate.executeWithOptions(
    { summary: `score ${request.candidate.artifactDigest.slice(0, 12)} on ${request.plan.holdoutSessions} sessions` },
    [request],
  );

  mark({ stage: 'report' });
  const summary = await reportValidation.executeWithOptions({ summary: 'simulate, card, tear sheet' }, [
    request,
    { planDigest: plan.planDigest, windows, holdoutKey: holdout.resultKey },
  ]);

  mark({ stage: 'done', verdict: 'judged' });
  setCurrentDetails(`${summary.windows} windows, mean Sharpe ${summary.meanSharpe?.toFixed(2) ?? 'undefined'}`);
  return summary;
}

/** Judges every window, a bounded number at a time, results in the windows' order. */
async function judgeAll(request: ValidationRequest, windows: readonly WindowDates[]): Promise<readonly WindowResult[]> {
  const results: WindowResult[] = [];
  const waiting = [...windows];
  const judgeNext = async (): Promise<void> => {
    for (let window = waiting.shift(); window !== undefined; window = waiting.shift()) {
      const summary = `window ${window.index + 1} of ${windows.length}: test ${window.testFrom} to ${window.testTo}`;
      results.push(await judgeWindow.executeWithOptions({ summary }, [request, window]));
      setCurrentDetails(`Walk-forward: **${results.length} of ${windows.length}** windows judged`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(windowsInFlightMax, windows.length) }, judgeNext));
  return results.sort((a, b) => a.index - b.index);
}
