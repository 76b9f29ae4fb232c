import type { Client } from '@temporalio/client';
import type { ingestMarketData } from '#workflows/ingestMarketData.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { trainModel } from '#workflows/trainModel.ts';
import type { validateModel } from '#workflows/validateModel.ts';
import type { LifecycleWay } from './lifecycleWork.ts';

/**
 * The same work by the workflows that people start, on the workers that run them.
 * @param pass name of the pass: it is part of every workflow's id
 */
export function durableLifecycle(client: Client, pass: string): LifecycleWay {
  const start = (step: string) => ({ workflowId: `bench:${pass}:${step}`, taskQueue: taskQueues.lifecycle });
  return {
    ingest: (request) =>
      client.workflow.execute<typeof ingestMarketData>('ingestMarketData', { ...start('ingest'), args: [request] }),
    train: (request) =>
      client.workflow.execute<typeof trainModel>('trainModel', { ...start('train'), args: [request] }),
    validate: (request) =>
      client.workflow.execute<typeof validateModel>('validateModel', { ...start('validate'), args: [request] }),
  };
}
