import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { CalendarActivities } from '#activities/calendarActivities.ts';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import type { WatchRequest } from '#activities/watchActivities.ts';
import { ingestMarketData } from './ingestMarketData.ts';
import { modelLifecycle, type LifecyclePlan } from './modelLifecycle.ts';
import { policies } from './policies.ts';
import { tradingSession } from './tradingSession.ts';
import { watchModel } from './watchModel.ts';
import { workflowIds } from './workflowIds.ts';

// A schedule stamps the time into its workflow's id and cannot ask a calendar: it starts one of these, which asks
// and starts the business id. A second start of the same business is refused unless the first one failed.
const { lastClosedSession, dueSession } = proxyActivities<CalendarActivities>(policies.trading);

const business = {
  workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
  parentClosePolicy: ParentClosePolicy.ABANDON,
} as const;

/** Ingests a dataset as of its venue's last closed session. */
export async function launchIngest(request: { readonly account: string; readonly dataset: string }): Promise<string> {
  const asOf = await lastClosedSession.executeWithOptions({ summary: 'last closed session' }, [request.account]);
  const workflowId = workflowIds.ingest(request.dataset, asOf);
  return launched(workflowId, () =>
    startChild(ingestMarketData, { ...business, workflowId, args: [{ dataset: request.dataset, asOf }] }),
  );
}

/** Trains, judges and proposes a model as of the last closed session. */
export async function launchLifecycle(request: {
  readonly account: string;
  readonly plan: Omit<LifecyclePlan, 'asOf'>;
}): Promise<string> {
  const asOf = await lastClosedSession.executeWithOptions({ summary: 'last closed session' }, [request.account]);
  const { training, lifecycleDigest } = request.plan;
  const workflowId = workflowIds.lifecycle(training.model, asOf, lifecycleDigest);
  return launched(workflowId, () =>
    startChild(modelLifecycle, { ...business, workflowId, args: [{ ...request.plan, asOf }] }),
  );
}

/** Trades an account's due session; on a day without one it does nothing. */
export async function launchSession(plan: Omit<SessionPlan, 'session'>): Promise<string> {
  const session = await dueSession.executeWithOptions({ summary: 'is there a session?' }, [plan.account]);
  if (session === undefined) return tell(`no session is due for ${plan.account}`);
  const workflowId = workflowIds.session(plan.account, session);
  return launched(workflowId, () =>
    startChild(tradingSession, { ...business, workflowId, args: [{ ...plan, session }] }),
  );
}

/** Watches a champion as of the last closed session. */
export async function launchWatch(request: Omit<WatchRequest, 'asOf'>): Promise<string> {
  const asOf = await lastClosedSession.executeWithOptions({ summary: 'last closed session' }, [request.account]);
  const workflowId = workflowIds.watch(request.model, asOf);
  return launched(workflowId, () => startChild(watchModel, { ...business, workflowId, args: [{ ...request, asOf }] }));
}

async function launched(workflowId: string, start: () => Promise<unknown>): Promise<string> {
  try {
    await start();
    return tell(`started ${workflowId}`);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return tell(`${workflowId} was there already`);
  }
}

function tell(text: string): string {
  setCurrentDetails(text);
  return text;
}
