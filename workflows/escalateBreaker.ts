import {
  allHandlersFinished,
  condition,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { GuardActivities } from '#activities/guardActivities.ts';
import type { OrderProgress } from '#activities/orderActivities.ts';
import { executeOrder } from './executeOrder.ts';
import { acknowledgeEscalation } from './messages.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';
import { workflowIds } from './workflowIds.ts';

const { cancelOpenOrders, planLiquidation, page, recordAcknowledgement } = proxyActivities<GuardActivities>(
  policies.trading,
);

/** How long each tier has to acknowledge before the next one is paged. */
const tierTimeout = '15 minutes';
const tiersMax = 3;

/** What an escalation is about. */
export interface EscalationRequest {
  readonly account: string;
  readonly number: number;
  readonly reason: string;
}

/** What an escalation did. */
export interface EscalationOutcome {
  readonly cancelled: number;
  readonly closed: number;
  readonly acknowledgedBy?: string;
}

/** After a halt: cancel all, close all, then page tier by tier until a person acknowledges. */
export async function escalateBreaker({ account, number, reason }: EscalationRequest): Promise<EscalationOutcome> {
  const acknowledgements: string[] = [];
  setHandler(acknowledgeEscalation, async ({ by, comment }) => {
    await recordAcknowledgement.executeWithOptions({ summary: `acknowledged by ${by}` }, [{ account, by, comment }]);
    acknowledgements.push(by);
  });

  mark({ account, stage: 'cancel' });
  const cancelled = await cancelOpenOrders.executeWithOptions({ summary: 'cancel all' }, [account]);

  mark({ stage: 'close' });
  const orders = await planLiquidation.executeWithOptions({ summary: 'plan to close all' }, [account, number]);
  const closed = await Promise.all(
    orders.map((intent): Promise<OrderProgress> =>
      executeChild(executeOrder, {
        workflowId: workflowIds.order(intent.clientOrderId),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `close ${intent.quantity} ${intent.symbol}`,
        args: [{ intent, settleMs: 2_000, pollMs: 1_000 }],
      }),
    ),
  );

  const filled = closed.filter(({ state }) => state === 'filled').length;
  for (let tier = 1; acknowledgements.length === 0 && tier <= tiersMax; tier += 1) {
    mark({ stage: `tier${tier}` });
    const text = `${account} halted: ${reason}. ${cancelled} orders cancelled, ${filled} of ${orders.length} positions closed.`;
    setCurrentDetails(`${text}\n\nWaiting for acknowledgement, tier **${tier}**`);
    await page.executeWithOptions({ summary: `page tier ${tier}` }, [{ account, tier, text }]);
    if (tier < tiersMax) await condition(() => acknowledgements.length > 0, tierTimeout);
    else await condition(() => acknowledgements.length > 0);
  }
  // A second person may be acknowledging at this moment: that is written down before the end.
  await condition(allHandlersFinished);
  mark({ stage: 'done', verdict: 'acknowledged' });
  const [acknowledgedBy] = acknowledgements;
  return { cancelled, closed: filled, ...(acknowledgedBy !== undefined && { acknowledgedBy }) };
}
