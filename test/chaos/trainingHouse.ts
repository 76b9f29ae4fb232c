import { Client, Connection } from '@temporalio/client';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import type { StackAddresses } from '#infra/stack/addresses.ts';
import { createTemporaryDatabase } from '#test/integration/postgres/temporaryDatabase.ts';
import { createNamespace } from '#test/integration/temporalNamespace.ts';
import { startWorkers } from '#test/integration/workers/realWorkers.ts';
import type { ingestMarketData } from '#workflows/ingestMarketData.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import type { TrainingRounds } from './trainingRounds.ts';

/** Servers as one training after the other wants them. */
export interface TrainingHouse extends Pick<TrainingRounds, 'home' | 'client' | 'objects' | 'snapshot'> {
  stop(): Promise<void>;
}

/** A database, bucket and namespace of their own on running servers, all workers but that of trainings, and a snapshot. */
export async function openTrainingHouse(stack: StackAddresses): Promise<TrainingHouse> {
  const temporary = await createTemporaryDatabase(stack.postgres.url);
  const connection = await Connection.connect({ address: stack.temporal.address });
  const namespace = await createNamespace(connection);
  const addresses: StackAddresses = {
    ...stack,
    temporal: { ...stack.temporal, namespace },
    postgres: { url: temporary.url },
    objects: { ...stack.objects, bucket: namespace },
  };
  const workers = await startWorkers({ stack: addresses, queues: ['lifecycle', 'validation', 'marketData'] });
  const stop = async (): Promise<void> => {
    await workers.stop();
    await connection.close();
    await temporary.drop();
  };
  try {
    const client = new Client({ connection, namespace });
    const request = { dataset: 'sample-daily', asOf: '2023-06-22' };
    const snapshot = await client.workflow.execute<typeof ingestMarketData>('ingestMarketData', {
      taskQueue: taskQueues.lifecycle,
      workflowId: workflowIds.ingest(request.dataset, request.asOf),
      args: [request],
    });
    return { home: workers.home, client, objects: await openObjectStore(addresses.objects), snapshot, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
