import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { promotionStatus } from '#workflows/messages.ts';
import type { LifecyclePlan } from '#workflows/modelLifecycle.ts';
import { currentDetails } from '../desk/currentDetails.ts';

/** Where the work stands, for people. */
export interface StepProgress {
  readonly step: string;
  readonly text: string;
  /** Done of the step, 0 to 1; absent when it cannot be told. */
  readonly fraction?: number;
  readonly secondsLeft?: number;
}

const lookMs = 2_000;

/** Follows a life cycle until it ends, telling each change; calls `onReview` once when people are waited for. */
export async function followLifecycle(
  client: Client,
  follow: {
    readonly plan: LifecyclePlan;
    readonly result: Promise<unknown>;
    readonly progress: (step: StepProgress) => void;
    readonly onReview: (workflowId: string) => Promise<void>;
  },
): Promise<void> {
  const { plan, result, progress, onReview } = follow;
  const outcome = { over: false };
  const end = (): void => {
    outcome.over = true;
  };
  const ended = result.then(end, end);
  let [asked, told] = [false, ''];
  const startedMs = new Map<string, number>();
  while (!outcome.over) {
    const child = await runningChild(client, plan);
    if (child) {
      const [step = ''] = child.id.split(':');
      const { details } = child;
      if (!startedMs.has(step)) startedMs.set(step, Date.now());
      if (`${step} ${details}` !== told) progress({ step, text: details, ...rateOf(details, startedMs.get(step)!) });
      told = `${step} ${details}`;
      if (step === 'promote' && !asked && (await stageOf(client, child.id)) === 'review') {
        asked = true;
        await onReview(child.id);
      }
    }
    await Promise.race([sleep(lookMs), ended]);
  }
}

/** The child that works now, with what it shows in the Temporal UI. */
async function runningChild(
  client: Client,
  plan: LifecyclePlan,
): Promise<{ readonly id: string; readonly details: string } | undefined> {
  const { model } = plan.training;
  const kinds = ['ingestMarketData', 'trainModel', 'validateModel', 'promoteModel']
    .map((kind) => `'${kind}'`)
    .join(',');
  const query = `ExecutionStatus = 'Running' AND WorkflowType IN (${kinds})`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (!workflowId.includes(`:${model}:`) && !workflowId.startsWith(`ingest:${plan.dataset}:`)) continue;
    return { id: workflowId, details: await currentDetails(client.workflow.getHandle(workflowId)) };
  }
  return undefined;
}

async function stageOf(client: Client, workflowId: string): Promise<string | undefined> {
  const status = await client.workflow
    .getHandle(workflowId)
    .query(promotionStatus)
    .catch(() => undefined);
  return status?.stage;
}

/** `17 of 109` as a fraction, with the time left at the rate so far. */
function rateOf(details: string, startedMs: number): Pick<StepProgress, 'fraction' | 'secondsLeft'> {
  const [, done, all] = /(\d+) of (\d+)/.exec(details) ?? [];
  if (done === undefined || Number(done) === 0) return {};
  const fraction = Number(done) / Number(all);
  const spentSeconds = (Date.now() - startedMs) / 1_000;
  return { fraction, secondsLeft: Math.round((spentSeconds / fraction) * (1 - fraction)) };
}
