import {
  ActivityFailure,
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  sleep,
} from '@temporalio/workflow';
import type { OrderActivities, OrderProgress } from '#activities/orderActivities.ts';
import type { OrderIntent } from '#domain/order.ts';
import { isEndState } from '#domain/orderState.ts';
import { orderReachedVenue } from './messages.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';

const { submitOrder, resendAbsentOrder } = proxyActivities<OrderActivities>(policies.submission);
const { askOrder, cancelOrder, giveUpAbsentOrder } = proxyActivities<OrderActivities>(policies.trading);

/** An order and who waits for it. */
export interface ExecuteOrderRequest {
  readonly intent: OrderIntent;
  /** Workflow told when the venue has answered; absent for orders nobody waits for. */
  readonly tell?: string;
  /** Time between two asks that prove absence. */
  readonly settleMs: number;
  /** Time between two looks at a working order. */
  readonly pollMs: number;
}

/**
 * Carries one order to an end state: submitted at most once, followed until the venue has finished with it.
 * Silence is `unknown`, and only two asks a settle time apart at a venue that refuses duplicate ids prove absence.
 */
export async function executeOrder(request: ExecuteOrderRequest): Promise<OrderProgress> {
  const { intent } = request;
  mark({ account: intent.account, session: intent.session, stage: 'submit' });
  const what = nameOf(intent);

  let progress: OrderProgress;
  try {
    progress = await followToEnd(request);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    mark({ stage: 'cancelling' });
    progress = await CancellationScope.nonCancellable(() => cancelForGood(request));
  }
  mark({ stage: 'done', verdict: progress.state });
  setCurrentDetails(`${what}: **${progress.state}**, ${progress.filledQuantity} filled`);
  return progress;
}

async function followToEnd(request: ExecuteOrderRequest): Promise<OrderProgress> {
  const { intent } = request;
  let progress = await submitOnce(intent);
  if (progress.state === 'unknown') progress = await settleUnknown(request);
  if (request.tell !== undefined) await tellSession(request.tell, intent.clientOrderId);

  mark({ stage: 'working' });
  const what = nameOf(intent);
  while (!isEndState(progress.state)) {
    setCurrentDetails(`${what}: **${progress.state}**, ${progress.filledQuantity} filled`);
    await sleep(request.pollMs);
    const answer = await askOrder.executeWithOptions({ summary: `ask about ${what}` }, [intent]);
    progress = answer.kind === 'known' ? answer.progress : await settleUnknown(request);
  }
  return progress;
}

/**
 * Cancels until the order has ended. What the venue does not show may still be on its way: it is given up only after a
 * second ask, a settle time later, at a venue that refuses duplicate ids.
 */
async function cancelForGood({ intent, settleMs }: ExecuteOrderRequest): Promise<OrderProgress> {
  const what = nameOf(intent);
  for (;;) {
    const progress = await cancelOrder.executeWithOptions({ summary: `cancel ${what}` }, [intent]);
    if (isEndState(progress.state)) return progress;
    await sleep(settleMs);
    if (progress.state !== 'unknown') continue;
    const again = await askOrder.executeWithOptions({ summary: `cancelling: is ${what} there now?` }, [intent]);
    if (again.kind !== 'absent' || !again.absenceProvable) continue;
    const summary = `proven absent: give up ${what}`;
    const givenUp = await giveUpAbsentOrder.executeWithOptions({ summary }, [intent]);
    if (isEndState(givenUp.state)) return givenUp;
  }
}

function nameOf({ side, quantity, symbol }: OrderIntent): string {
  return `${side} ${quantity} ${symbol}`;
}

/** The session may have ended before its order: then nobody waits, and the order is followed all the same. */
async function tellSession(workflowId: string, clientOrderId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(orderReachedVenue, clientOrderId);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the session that sent this order has ended', { session: workflowId, clientOrderId });
  }
}

/** One submission; a worker that died on the way leaves the order `unknown`. */
async function submitOnce(intent: OrderIntent): Promise<OrderProgress> {
  try {
    const summary = `send ${nameOf(intent)}`;
    return await submitOrder.executeWithOptions({ summary }, [intent]);
  } catch (error) {
    if (error instanceof ActivityFailure && !isCancellation(error)) return unknown(intent);
    throw error;
  }
}

/** Asks until the venue's answer settles the order; a person settles it where absence cannot be proven. */
async function settleUnknown({ intent, settleMs }: ExecuteOrderRequest): Promise<OrderProgress> {
  for (;;) {
    const first = await askOrder.executeWithOptions({ summary: 'settle unknown: first ask' }, [intent]);
    if (first.kind === 'known') return first.progress;
    if (first.kind === 'neverSent') {
      const progress = await submitOnce(intent);
      if (progress.state !== 'unknown') return progress;
      continue;
    }
    await sleep(settleMs);
    const second = await askOrder.executeWithOptions({ summary: 'settle unknown: second ask' }, [intent]);
    if (second.kind === 'known') return second.progress;
    if (second.kind === 'absent' && second.absenceProvable) {
      const progress = await resendOnce(intent);
      if (progress.state !== 'unknown') return progress;
    } else {
      setCurrentDetails(
        `**unknown** at a venue that cannot prove absence: a person must settle ${intent.clientOrderId}`,
      );
    }
  }
}

async function resendOnce(intent: OrderIntent): Promise<OrderProgress> {
  try {
    return await resendAbsentOrder.executeWithOptions({ summary: 'proven absent: send again' }, [intent]);
  } catch (error) {
    if (error instanceof ActivityFailure && !isCancellation(error)) return unknown(intent);
    throw error;
  }
}

function unknown(intent: OrderIntent): OrderProgress {
  return { clientOrderId: intent.clientOrderId, state: 'unknown', filledQuantity: 0 };
}
