import { NativeConnection, Worker } from '@temporalio/worker';
import { installTemporalRuntime } from '#infra/telemetry/temporalRuntime.ts';
import { silentLogger } from '#test/asActivity.ts';
import { bundleWorkflows } from '#test/workflow/bundleWorkflows.ts';
import { failureInterceptor } from '#workers/failureInterceptor.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { House } from './house.ts';

/** Workers of a house's namespace. */
export interface ServingWorkers {
  stop(): Promise<void>;
}

/** Serves queues as the worker programs do: the project's workflows, and the house's activities of each queue. */
export async function serve(
  { world, addresses }: House,
  activitiesOf: Readonly<Record<string, object>> = {
    [taskQueues.trading]: world.trading,
    [taskQueues.marketData]: world.marketData,
  },
): Promise<ServingWorkers> {
  installTemporalRuntime({ logger: silentLogger, metricsAddress: undefined });
  const { address, namespace } = addresses.temporal;
  const connection = await NativeConnection.connect({ address });
  const interceptors = { activity: [() => ({ inbound: failureInterceptor })] };
  const common = { connection, namespace, interceptors, workflowBundle: await bundleWorkflows() };
  const workers = await Promise.all(
    Object.entries(activitiesOf).map(([taskQueue, activities]) => Worker.create({ ...common, taskQueue, activities })),
  );
  const running = workers.map((worker) => worker.run());
  return {
    async stop() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await connection.close();
    },
  };
}
