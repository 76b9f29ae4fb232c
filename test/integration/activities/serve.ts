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

/** Serves trading and market data as the worker programs do: the project's workflows, the house's activities. */
export async function serve({ world, addresses }: House): Promise<ServingWorkers> {
  installTemporalRuntime({ logger: silentLogger, metricsAddress: undefined });
  const { address, namespace } = addresses.temporal;
  const connection = await NativeConnection.connect({ address });
  const common = {
    connection,
    namespace,
    interceptors: { activity: [() => ({ inbound: failureInterceptor })] },
  };
  const workers = [
    await Worker.create({
      ...common,
      taskQueue: taskQueues.trading,
      activities: world.trading,
      workflowBundle: await bundleWorkflows(),
    }),
    await Worker.create({ ...common, taskQueue: taskQueues.marketData, activities: world.marketData }),
  ];
  const running = workers.map((worker) => worker.run());
  return {
    async stop() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await connection.close();
    },
  };
}
