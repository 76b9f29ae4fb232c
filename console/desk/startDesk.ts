import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { PromotionRequest } from '#activities/promotionActivities.ts';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import { promotionStatus, type PromotionStatus } from '#workflows/messages.ts';
import type { promoteModel } from '#workflows/promoteModel.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { SessionOutcome, tradingSession } from '#workflows/tradingSession.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { currentDetails } from './currentDetails.ts';
import { followed } from './followed.ts';
import { startOrJoin } from './startOrJoin.ts';
import { askTimeoutMs, withinTime } from './temporalCalls.ts';

const gatePollMs = 200;

/** What people start by hand and schedules start by themselves; it runs on when whoever asked for it has gone. */
export interface HandStarts {
  /**
   * Asks for a promotion, or joins the one of the same request, and answers once its gate was weighed.
   * @throws Failure WORKERS_SILENT when no worker answers
   */
  promote(request: PromotionRequest): Promise<{ readonly workflowId: string; readonly status: PromotionStatus }>;
  /** Trades a session to its end, or joins the one of the same account and date. @throws the failure the session met */
  trade(plan: SessionPlan, onProgress: (text: string) => void): Promise<SessionOutcome>;
}

/** Starts as Temporal carries them. */
export function createHandStarts(client: Client): HandStarts {
  return {
    async promote(request) {
      const { model, modelVersion, artifactDigest } = request.candidate;
      const handle = await startOrJoin<typeof promoteModel>(client, 'promoteModel', {
        workflowId: workflowIds.promote(model, modelVersion, request.request),
        taskQueue: taskQueues.lifecycle,
        staticSummary: `${model} ${modelVersion}, artifact ${artifactDigest.slice(0, 12)}`,
        args: [request],
      });
      for (;;) {
        const status = await withinTime(client, askTimeoutMs, () => handle.query(promotionStatus));
        if (status.stage !== 'gate') return { workflowId: handle.workflowId, status };
        await delay(gatePollMs);
      }
    },

    async trade(plan, onProgress) {
      const handle = await startOrJoin<typeof tradingSession>(client, 'tradingSession', {
        workflowId: workflowIds.session(plan.account, plan.session),
        taskQueue: taskQueues.trading,
        staticSummary: `${plan.account} on ${plan.session}`,
        args: [plan],
      });
      return followed(handle, onProgress, () => currentDetails(handle));
    },
  };
}
