import { randomUUID } from 'node:crypto';
import type { Workflow } from '@temporalio/common';
import type { WorkflowHandle, WorkflowStartOptions } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { onTestFinished } from 'vitest';
import { searchAttributes } from '#infra/stack/servers.ts';
import { timeSkippingServerPath } from '#infra/stack/testServer.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { bundleWorkflows } from './bundleWorkflows.ts';
import { recordHistory } from './recordHistory.ts';

/** A time-skipping Temporal with the project's workflows, its activities replaced by a test's own. */
export interface WorkflowTests {
  readonly environment: TestWorkflowEnvironment;
  /** Runs a body while workers serve every task queue with the given activities. */
  run<T>(activities: object, body: () => Promise<T>): Promise<T>;
  /** Starts a workflow under an id no other test has, unless one is given. */
  start<T extends Workflow>(workflow: T, args: Parameters<T>, workflowId?: string): Promise<WorkflowHandle<T>>;
  /** Keeps the workflow's history for the replay tests, when `RECORD_HISTORIES=1` asks for it. */
  record(handle: Pick<WorkflowHandle, 'fetchHistory' | 'workflowId'>, name: string): Promise<void>;
  /** A name no other test has, for accounts, datasets and other parts of business ids. */
  unique(prefix: string): string;
  stop(): Promise<void>;
}

/** Who the tests are in recorded histories: no host, no process. */
const identity = 'workflow tests';

/** Temporal's number of the search attribute type `Keyword`. */
const keyword = 2;

/** Starts the time-skipping server and bundles the workflows once. Search attributes are registered as in the stack. */
export async function startWorkflowTests(): Promise<WorkflowTests> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: await timeSkippingServerPath() } },
    client: { identity },
  });
  await environment.connection.operatorService.addSearchAttributes({
    namespace: environment.namespace ?? 'default',
    searchAttributes: Object.fromEntries(searchAttributes.map((name) => [name, keyword])),
  });
  const workflowBundle = await bundleWorkflows();
  const unique = (prefix: string): string => `${prefix}-${randomUUID().slice(0, 8)}`;
  const { workflow } = environment.client;
  return {
    environment,
    unique,
    stop: () => environment.teardown(),
    start: (definition, args, workflowId = unique(definition.name)) => {
      const options: WorkflowStartOptions = { workflowId, taskQueue: taskQueues.lifecycle, args };
      return workflow.start(definition, options as WorkflowStartOptions<typeof definition>);
    },
    record: async (handle, name) => {
      if (process.env.RECORD_HISTORIES === '1') recordHistory(name, handle.workflowId, await handle.fetchHistory());
    },
    async run(activities, body) {
      const { nativeConnection: connection } = environment;
      const workers = await Promise.all(
        Object.values(taskQueues).map((taskQueue) =>
          Worker.create({
            connection,
            taskQueue,
            identity,
            activities,
            // Without a cache every task replays its history from the start: hidden nondeterminism fails here.
            ...(taskQueue === taskQueues.lifecycle && { workflowBundle, maxCachedWorkflows: cachedWorkflows() }),
          }),
        ),
      );
      const running = workers.map((worker) => worker.run());
      let ending: Promise<unknown> | undefined;
      const end = (): Promise<unknown> => {
        if (ending === undefined) for (const worker of workers) worker.shutdown();
        return (ending ??= Promise.all(running));
      };
      // A test that times out leaves its body hanging: its workers must not stand in the way of the next test.
      onTestFinished(async () => void (await end()));
      try {
        return await body();
      } finally {
        await end();
      }
    },
  };
}

/** `WORKFLOWS_CACHED` workflows stay in memory, as in a worker that runs long; none unless asked. */
function cachedWorkflows(): number {
  return Number(process.env.WORKFLOWS_CACHED ?? 0);
}
