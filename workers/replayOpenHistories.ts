import type { Client } from '@temporalio/client';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import { Failure } from '#domain/failure.ts';

/** Open histories fetched at a time. */
const fetchesMax = 4;

/** Which open workflows the code that is about to serve them must carry on. */
export interface OpenHistoriesRequest {
  readonly client: Client;
  readonly taskQueue: string;
  readonly workflowBundle: NonNullable<ReplayWorkerOptions['workflowBundle']>;
}

/**
 * Replays every open workflow of a task queue against the code that is about to serve it: better no worker than one
 * that is stuck on, or takes another way in, a workflow that an earlier version of the code began.
 * @returns how many were replayed
 * @throws Failure WORKFLOW_NOT_REPLAYABLE naming those that do not replay
 */
export async function replayOpenHistories(request: OpenHistoriesRequest): Promise<number> {
  const { client, taskQueue, workflowBundle } = request;
  const open = client.workflow.list({ query: `ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'` });
  const replays = Worker.runReplayHistories({ workflowBundle }, open.intoHistories({ concurrency: fetchesMax }));
  const refused: string[] = [];
  let replayed = 0;
  for await (const { workflowId, error } of replays) {
    replayed += 1;
    if (error) refused.push(`${workflowId} (${firstLine(error.message)})`);
  }
  if (refused.length > 0) {
    const message = `${refused.length} of ${replayed} open workflows of ${taskQueue} do not replay: ${refused.join('; ')}`;
    throw new Failure('WORKFLOW_NOT_REPLAYABLE', message, { taskQueue, workflows: refused });
  }
  return replayed;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
