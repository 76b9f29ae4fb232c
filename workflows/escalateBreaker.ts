import {
  allHandlersFinished,
  condition,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  rootCause,
  setCurrentDetails,
  setHandler,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { GuardActivities } from '#activities/guardActivities.ts';
import type { EscalationWaits } from '#domain/tradingWaits.ts';
import { executeOrder } from './executeOrder.ts';
import { acknowledgeEscalation } from './messages.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';
import { workflowIds } from './workflowIds.ts';

const { cancelOpenOrders, planLiquidation, page, recordAcknowledgement } = proxyActivities<GuardActivities>(
  policies.trading,
);

/** What an escalation is about. */
export interface EscalationRequest {
  readonly account: string;
  /** Number of the halt among the changes of the account's trading state. */
  readonly number: number;
  readonly reason: string;
  readonly waits: EscalationWaits;
}

/** What an escalation did. */
export interface EscalationOutcome {
  readonly cancelled: number;
  readonly closed: number;
  readonly acknowledgedBy?: string;
  /** Why orders or positions may still be open. */
  readonly trouble?: string;
}

/** How far cancelling and closing has come; every page tells it. */
interface Closing {
  orders?: number;
  positions?: number;
  closed?: number;
  trouble?: string;
}

/**
 * After a halt: cancel all and close all, and page tier by tier until a person acknowledges. People are called however
 * the venue behaves: the first page waits for the closing only a moment, and a closing that fails calls them again.
 */
export async function escalateBreaker(request: EscalationRequest): Promise<EscalationOutcome> {
  const { account, number: escalation } = request;
  const closing: Closing = {};
  let acknowledgedBy: string | undefined;
  let heard = false;
  const isHeard = (): boolean => heard;
  setHandler(acknowledgeEscalation, async ({ by, comment }) => {
    await recordAcknowledgement.executeWithOptions({ summary: `acknowledged by ${by}` }, [
      { account, escalation, by, comment },
    ]);
    acknowledgedBy ??= by;
    heard = true;
  });

  let ended = false;
  const closed = closeAll(request, closing)
    .catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      closing.trouble = rootCause(error) ?? String(error);
      heard = false;
    })
    .finally(() => {
      ended = true;
    });
  await condition(() => ended, request.waits.firstPageMs);
  do {
    await pageTiers(request, { closing, isHeard });
    await closed;
  } while (!isHeard());

  // A second person may be acknowledging at this moment: that is written down before the end.
  await condition(allHandlersFinished);
  const { trouble } = closing;
  mark({ stage: 'done', verdict: trouble === undefined ? 'acknowledged' : 'trouble' });
  setCurrentDetails(`${situation(request, closing)}\n\nAcknowledged by **${acknowledgedBy}**`);
  return {
    cancelled: closing.orders ?? 0,
    closed: closing.closed ?? 0,
    ...(acknowledgedBy !== undefined && { acknowledgedBy }),
    ...(trouble !== undefined && { trouble }),
  };
}

/** Cancels every order and closes every position, writing down how far it has come. */
async function closeAll({ account, waits }: EscalationRequest, closing: Closing): Promise<void> {
  mark({ account, stage: 'cancel' });
  closing.orders = await cancelOpenOrders.executeWithOptions({ summary: 'cancel all' }, [account]);

  mark({ stage: 'close' });
  const orders = await planLiquidation.executeWithOptions({ summary: 'plan to close all' }, [account]);
  closing.positions = orders.length;
  closing.closed = 0;
  await Promise.all(
    orders.map(async (intent) => {
      const { state } = await executeChild(executeOrder, {
        workflowId: workflowIds.order(intent.clientOrderId),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `close ${intent.quantity} ${intent.symbol}`,
        args: [{ intent, ...waits.orders }],
      });
      if (state === 'filled') closing.closed = (closing.closed ?? 0) + 1;
    }),
  );
}

/** Pages one tier after the other until somebody is heard; the last one is waited for, for days if it must be. */
async function pageTiers(
  request: EscalationRequest,
  { closing, isHeard }: { readonly closing: Closing; readonly isHeard: () => boolean },
): Promise<void> {
  const { account, number: escalation, waits } = request;
  const { tiersMax, acknowledgementMs } = waits;
  for (let tier = 1; !isHeard() && tier <= tiersMax; tier += 1) {
    mark({ stage: `tier${tier}` });
    const text = situation(request, closing);
    setCurrentDetails(`${text}\n\nWaiting for acknowledgement, tier **${tier}**`);
    await page.executeWithOptions({ summary: `page tier ${tier}` }, [{ account, escalation, tier, text }]);
    if (tier < tiersMax) await condition(isHeard, acknowledgementMs);
    else await condition(isHeard);
  }
}

function situation({ account, reason }: EscalationRequest, closing: Closing): string {
  const { orders, positions, closed, trouble } = closing;
  const cancelling = orders === undefined ? 'Orders are not cancelled yet' : `${orders} orders cancelled`;
  const closingText =
    positions === undefined ? 'positions not closed yet' : `${closed} of ${positions} positions closed`;
  const failed = trouble === undefined ? '' : ` CLOSING FAILED, close the account at the broker: ${trouble}.`;
  return `${account} halted: ${reason}. ${cancelling}, ${closingText}.${failed}`;
}
