import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  condition,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
  WorkflowIdReusePolicy,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import type { Phase, SessionActivities, SessionReport } from '#activities/sessionActivities.ts';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import type { FailureCode } from '#domain/failures/catalogue.ts';
import type { OrderIntent } from '#domain/order.ts';
import { executeOrder, type ExecuteOrderRequest } from './executeOrder.ts';
import { ingestMarketData } from './ingestMarketData.ts';
import { orderReachedVenue, sessionStatus, type SessionStatus } from './messages.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';
import { workflowIds } from './workflowIds.ts';

const {
  openTradingSession,
  reconcileAccount,
  decideTargets,
  planOrders,
  reachPhase,
  observeAccount,
  closeTradingSession,
} = proxyActivities<SessionActivities>(policies.trading);

/** What a session answers: its report, or why it did not trade. */
export type SessionOutcome =
  | { readonly kind: 'closed'; readonly report: SessionReport }
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly reason: string };

/** One trading day of one account, from the opening checks to the end-of-day report. */
export async function tradingSession(plan: SessionPlan): Promise<SessionOutcome> {
  let status: SessionStatus = { account: plan.account, session: plan.session, stage: 'checking', orders: 0, fills: 0 };
  const enter = (stage: SessionStatus['stage'], more: Partial<SessionStatus> = {}): void => {
    status = { ...status, ...more, stage };
    mark({ account: plan.account, session: plan.session, stage });
    setCurrentDetails(
      `**${plan.session}** on ${plan.account}: ${stage}, ${status.orders} orders, ${status.fills} fills`,
    );
  };
  const reachedVenue = new Set<string>();
  setHandler(sessionStatus, () => status);
  setHandler(orderReachedVenue, (clientOrderId) => void reachedVenue.add(clientOrderId));

  enter('checking');
  const opening = await openTradingSession.executeWithOptions({ summary: 'opening checks' }, [plan]);
  if (opening.kind === 'refused') return refuse(enter, opening);
  await waitForPhase(plan, 'beforeOpen');

  enter('reconciling');
  const before = await reconcileAccount.executeWithOptions({ summary: 'reconcile before deciding' }, [plan]);
  if (!before.agreed) {
    return refuse(enter, { kind: 'refused', code: 'BOOKS_DISAGREE', reason: before.differences.join('; ') });
  }

  enter('deciding');
  const decision = await decideTargets.executeWithOptions({ summary: 'decide target weights' }, [plan]);
  const { orders } = await planOrders.executeWithOptions({ summary: 'size, check, plan orders' }, [plan, decision]);

  enter('trading', { orders: orders.length });
  const { ended, hasEnded } = await sendAll(plan, orders);
  const isAnswered = ({ clientOrderId }: OrderIntent): boolean =>
    reachedVenue.has(clientOrderId) || hasEnded(clientOrderId);
  await condition(() => orders.every(isAnswered), plan.waits.venueAnswerMs);

  enter('watching');
  await waitForPhase(plan, 'open');
  const seen = await observeAccount.executeWithOptions({ summary: 'equity after the open' }, [plan]);
  enter('watching', { fills: seen.fills });
  if (seen.tradingState === 'halted') await awaitLiquidation(plan);
  await waitForPhase(plan, 'closed');
  await ended;

  enter('closing');
  const after = await reconcileAccount.executeWithOptions({ summary: 'reconcile after the close' }, [plan]);
  const closing = await observeAccount.executeWithOptions({ summary: 'equity at the close' }, [plan]);
  if (plan.ingestAfterClose !== undefined) await ingestOwnSession(plan.ingestAfterClose, plan.session);
  const report = await closeTradingSession.executeWithOptions({ summary: 'write the report' }, [plan, after]);

  enter('closed', { fills: closing.fills });
  mark({ verdict: after.agreed ? 'reconciled' : 'disagrees' });
  return { kind: 'closed', report };
}

/** Executors at work. */
interface Executors {
  /** Resolves when all have ended, however they did. */
  readonly ended: Promise<unknown>;
  /** Whether the executor of an order has ended: one that failed has no word of the venue left to tell. */
  readonly hasEnded: (clientOrderId: string) => boolean;
}

/**
 * Starts an executor for every order; each outlives its session if it must. One that fails ends nothing here: its order
 * stands in the ledger as it was left, and the reconciliation after the close says whether the venue agrees. Where an
 * earlier run of the session left an executor at work it goes on, and tells this run as it would have told that one.
 */
async function sendAll({ waits }: SessionPlan, orders: readonly OrderIntent[]): Promise<Executors> {
  const tell = workflowInfo().workflowId;
  const over = new Set<string>();
  const handles = await Promise.all(orders.map((intent) => startExecutor({ intent, tell, ...waits.orders })));
  const results = handles.flatMap((handle, index) =>
    handle ? [handle.result().finally(() => over.add(orders[index]!.clientOrderId))] : [],
  );
  return { ended: Promise.allSettled(results), hasEnded: (clientOrderId) => over.has(clientOrderId) };
}

/** An order's executor; undefined where one is at work on it already. */
async function startExecutor(
  request: ExecuteOrderRequest,
): Promise<ChildWorkflowHandle<typeof executeOrder> | undefined> {
  const { clientOrderId, side, quantity, symbol } = request.intent;
  try {
    return await startChild(executeOrder, {
      workflowId: workflowIds.order(clientOrderId),
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${side} ${quantity} ${symbol}`,
      args: [request],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return undefined;
  }
}

/** A halt closes every position: the session stays in the open market until that is done, or the time for it is up. */
async function awaitLiquidation(plan: SessionPlan): Promise<void> {
  const { liquidationMs, orders } = plan.waits;
  for (const untilMs = Date.now() + liquidationMs; Date.now() < untilMs;) {
    const seen = await observeAccount.executeWithOptions({ summary: 'halted: is the account flat?' }, [plan]);
    if (seen.openPositions === 0) return;
    await sleep(orders.pollMs);
  }
}

/** Sleeps until the venue, by its own clock, has reached the phase. */
async function waitForPhase(plan: SessionPlan, phase: Phase): Promise<void> {
  for (;;) {
    const { waitMs } = await reachPhase.executeWithOptions({ summary: `reach ${phase}` }, [plan, phase]);
    if (waitMs === 0) return;
    await sleep(waitMs);
  }
}

/** A session's bars reach a snapshot only now, after its own close. */
async function ingestOwnSession(dataset: string, asOf: string): Promise<void> {
  await executeChild(ingestMarketData, {
    workflowId: workflowIds.ingest(dataset, asOf),
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: `${dataset} as of ${asOf}`,
    args: [{ dataset, asOf }],
  });
}

function refuse(
  enter: (stage: SessionStatus['stage']) => void,
  refusal: Extract<SessionOutcome, { kind: 'refused' }>,
): SessionOutcome {
  enter('refused');
  mark({ verdict: refusal.code });
  setCurrentDetails(`**refused**: ${refusal.code}, ${refusal.reason}`);
  return refusal;
}
