import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFailure } from '#domain/failure.ts';
import { replayOpenHistories } from '#workers/replayOpenHistories.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { bundleWorkflows } from './bundleWorkflows.ts';
import { startDevServer } from './devServer.ts';

const taskQueue = taskQueues.lifecycle;
const ingest = { dataset: 'sample-daily', asOf: '2023-06-22' };
const watch = { model: 'forecaster', account: 'paper', ...ingest };

let environment: TestWorkflowEnvironment;
let workflowBundle: WorkflowBundleWithSourceMap;
let changedBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  environment = await startDevServer();
  workflowBundle = await bundleWorkflows();
  changedBundle = await bundleWorkflows(new URL('../replay/changedWorkflows.ts', import.meta.url));
});
afterAll(() => environment.teardown());

/** Begins a workflow as this version of the code does, and leaves it waiting for its first activity. */
async function begin(workflowType: string, workflowId: string, argument: object): Promise<void> {
  const { client, nativeConnection: connection } = environment;
  const worker = await Worker.create({ connection, taskQueue, workflowBundle });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start(workflowType, { workflowId, taskQueue, args: [argument] });
    await expect.poll(async () => (await handle.describe()).raw.pendingActivities?.length, { timeout: 30_000 }).toBe(1);
  });
  const listed = async (): Promise<number> =>
    (await client.workflow.count(`ExecutionStatus = 'Running' AND WorkflowId = '${workflowId}'`)).count;
  await expect.poll(listed, { timeout: 30_000 }).toBe(1);
}

const replay = (bundle: WorkflowBundleWithSourceMap): Promise<number> =>
  replayOpenHistories({ client: environment.client, taskQueue, workflowBundle: bundle });

describe('a worker about to serve open workflows', () => {
  it('runs when the code that began them is the same, or differs behind a patch', async () => {
    expect(await replay(workflowBundle)).toBe(0);
    await begin('ingestMarketData', 'ingest:one', ingest);
    expect(await replay(workflowBundle)).toBe(1);
    expect(await replay(changedBundle)).toBe(1);
  });

  it('refuses to run when one does not replay, and names that one alone', async () => {
    await begin('watchModel', 'watch:one', watch);
    expect(await replay(workflowBundle)).toBe(2);
    const error: unknown = await replay(changedBundle).catch((reason: unknown) => reason);
    if (!isFailure(error)) throw error;
    expect(error.code).toBe('WORKFLOW_NOT_REPLAYABLE');
    expect(error.message).toMatch(
      /^1 of 2 open workflows of plimsoll-lifecycle do not replay: watch:one \(.*ondetermin/,
    );
    expect(error.details.workflows).toHaveLength(1);
  });

  it('runs again once the one that does not replay has ended', async () => {
    await environment.client.workflow.getHandle('watch:one').terminate('begun by another version of the code');
    await expect.poll(() => replay(changedBundle).catch(() => undefined), { timeout: 30_000 }).toBe(1);
  });
});
