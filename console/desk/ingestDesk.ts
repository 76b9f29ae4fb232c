import { defaultPayloadConverter, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Broker } from '#activities/ports/broker.ts';
import { canonicalJson } from '#domain/canonicalJson.ts';
import { lastClosedSession } from '#domain/closedSession.ts';
import { Failure } from '#domain/failure.ts';
import type { ingestMarketData } from '#workflows/ingestMarketData.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import type { Ingests } from './desk.ts';
import { followed } from './followed.ts';
import { askTimeoutMs, withinTime } from './temporalCalls.ts';

/** What ingests by hand go through. */
export interface IngestSources {
  readonly client: Client;
  readonly brokerOf: (account: string) => Pick<Broker, 'clock'>;
  readonly readObject: (key: string) => Promise<Uint8Array>;
}

type Handle = WorkflowHandle<typeof ingestMarketData>;
type IngestRequest = Parameters<typeof ingestMarketData>[0];

/** Ingests as Temporal runs them. */
export function createIngests({ client, brokerOf, readObject }: IngestSources): Ingests {
  return {
    lastClosedSession: async (account) => lastClosedSession(await brokerOf(account).clock()),

    async run({ request, by }, told) {
      const handle = await startOrJoin(client, { request, by });
      const snapshot = await followed(handle, told, () => withinTime(client, askTimeoutMs, () => stageOf(handle)));
      return { workflowId: handle.workflowId, ...snapshot };
    },

    report: (address) => readObject(decodeURIComponent(new URL(address).pathname.slice(1))),
  };
}

/** Starts the ingest under its business id, or joins the one that runs when it was asked for in the same words. */
async function startOrJoin(
  client: Client,
  { request, by }: { readonly request: IngestRequest; readonly by: string },
): Promise<Handle> {
  const workflowId = workflowIds.ingest(request.dataset, request.asOf);
  const asked = canonicalJson(request);
  try {
    return await withinTime(client, askTimeoutMs, () =>
      client.workflow.start<typeof ingestMarketData>('ingestMarketData', {
        workflowId,
        taskQueue: taskQueues.lifecycle,
        staticSummary: `${request.dataset} as of ${request.asOf}, by ${by}`,
        memo: { asked },
        args: [request],
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const handle = client.workflow.getHandle<typeof ingestMarketData>(workflowId);
    const { memo } = await withinTime(client, askTimeoutMs, () => handle.describe());
    // One that a schedule started has no memo: it ingests the whole dataset.
    const running = memo?.['asked'] ?? canonicalJson({ dataset: request.dataset, asOf: request.asOf });
    if (running === asked) return handle;
    throw new Failure('INGEST_RUNNING', `${workflowId} runs already, asked for otherwise`, { workflowId });
  }
}

const stages: Readonly<Record<string, string>> = {
  fetchBars: 'fetching',
  checkBars: 'checking against the data contract',
  publishSnapshot: 'publishing',
};

/** What an ingest is at: its activity, what that said of itself, and what went wrong with the attempt before. */
async function stageOf(handle: Handle): Promise<string> {
  const { raw } = await handle.describe();
  const [activity] = raw.pendingActivities ?? [];
  if (!activity) return 'between two steps';
  const stage = stages[activity.activityType?.name ?? ''] ?? 'working';
  const [payload] = activity.heartbeatDetails?.payloads ?? [];
  const said = payload && defaultPayloadConverter.fromPayload<{ readonly progress?: string } | undefined>(payload);
  const attempt = activity.attempt ?? 1;
  const problem = activity.lastFailure?.message;
  return [
    stage,
    ...(said?.progress === undefined ? [] : [`: ${said.progress}`]),
    ...(attempt > 1 ? [`, attempt ${attempt}${problem ? ` after: ${problem}` : ''}`] : []),
  ].join('');
}
