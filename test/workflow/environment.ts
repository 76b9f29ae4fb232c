import { randomUUID } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { timeSkippingServerPath } from '#infra/stack/testServer.ts';
import { taskQueues } from '#workflows/taskQueues.ts';

/** A time-skipping Temporal with the project's workflows, its activities replaced by a test's own. */
export interface WorkflowTests {
  readonly environment: TestWorkflowEnvironment;
  /** Runs a body while workers serve every task queue with the given activities. */
  run<T>(activities: object, body: () => Promise<T>): Promise<T>;
  /** A workflow id no other test has. */
  id(): string;
  stop(): Promise<void>;
}

/** Starts the time-skipping server and bundles the workflows once. Search attributes are registered as in the stack. */
export async function startWorkflowTests(): Promise<WorkflowTests> {
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: await timeSkippingServerPath() } },
  });
  const workflowBundle: WorkflowBundleWithSourceMap = await bundleWorkflowCode({
    workflowsPath: new URL('../../workflows/all.ts', import.meta.url).pathname,
    logger: silentLogger,
  });
  return {
    environment,
    id: () => `test:${randomUUID()}`,
    stop: () => environment.teardown(),
    async run(activities, body) {
      const workers = await Promise.all(
        Object.values(taskQueues).map((taskQueue) =>
          Worker.create({ connection: environment.nativeConnection, taskQueue, workflowBundle, activities }),
        ),
      );
      const running = workers.map((worker) => worker.run());
      try {
        return await body();
      } finally {
        for (const worker of workers) worker.shutdown();
        await Promise.all(running);
      }
    },
  };
}

const nothing = (): void => undefined;
const silentLogger = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
