import { NativeConnection, Worker } from '@temporalio/worker';
import { parseArgs } from 'node:util';
import { loadSettings } from '#infra/configuration/loadSettings.ts';
import { logOwnEnd } from '#infra/telemetry/programLines.ts';
import { startTelemetry } from '#infra/telemetry/startTelemetry.ts';
import { workerInterceptors, workflowSinks } from '#infra/telemetry/temporalInterceptors.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { failureInterceptor } from './failureInterceptor.ts';
import { replayOpenHistories } from './replayOpenHistories.ts';
import { openWorld } from './world.ts';

// One worker program, one process a task queue: what it serves is decided by the queue's name.
const { values } = parseArgs({
  options: {
    queue: { type: 'string' },
    home: { type: 'string' },
    cache: { type: 'string' },
    bundle: { type: 'string' },
    'metrics-port': { type: 'string', default: '0' },
  },
});
const queue = values.queue as keyof typeof taskQueues;
const service = `plimsoll-${queue}`;
logOwnEnd(service);
const checkout = new URL('..', import.meta.url).pathname;
const { settings } = loadSettings({ checkout, environment: process.env });
const telemetry = await startTelemetry({
  service,
  settings: { ...settings.telemetry, workerMetricsPort: Number(values['metrics-port']) },
});
const { logger } = telemetry;
const world = await openWorld({
  home: values.home ?? '.plimsoll',
  cache: values.cache ?? '',
  service,
  logger,
  trading: settings.trading,
  data: settings.data,
  approvalsRequired: settings.promotion.reviewersRequired,
  modelProcessesMax: queue === 'validation' ? 2 : 1,
  inferenceProvider: settings.model.inferenceProvider,
});

/** Activities by queue, as policies.ts sends them. */
const activities = {
  lifecycle: { ...world.promotion, ...world.training, ...world.agents, ...world.search, ...world.watch },
  marketData: world.marketData,
  training: { ...world.training, ...world.agents },
  validation: { ...world.training, ...world.agents, ...world.search, ...world.validation, ...world.watch },
  trading: world.trading,
}[queue];
const servesWorkflows = queue === 'lifecycle' || queue === 'trading';
const workflowBundle = servesWorkflows && values.bundle !== undefined ? { codePath: values.bundle } : undefined;

if (workflowBundle !== undefined) {
  const replayed = await replayOpenHistories({ client: world.client, taskQueue: taskQueues[queue], workflowBundle });
  logger.info({ 'plimsoll.queue': queue, 'plimsoll.replayed': replayed }, 'open workflows replay with this code');
}

const connection = await NativeConnection.connect({ address: world.addresses.temporal.address });
const interceptors = workerInterceptors(telemetry.metrics);
const worker = await Worker.create({
  connection,
  namespace: world.addresses.temporal.namespace,
  taskQueue: taskQueues[queue],
  activities,
  ...(workflowBundle !== undefined && { workflowBundle }),
  sinks: workflowSinks(telemetry.tracing),
  interceptors: {
    ...interceptors,
    activity: [...(interceptors.activity ?? []), () => ({ inbound: failureInterceptor })],
  },
  maxConcurrentActivityTaskExecutions: queue === 'validation' ? 4 : queue === 'training' ? 1 : 20,
  maxCachedWorkflows: 100,
  shutdownGraceTime: '10 seconds',
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => worker.shutdown());
logger.info({ 'plimsoll.queue': queue, 'plimsoll.metrics_urls': telemetry.scrapeUrls }, 'worker runs');
await worker.run();
await connection.close();
await world.close();
await telemetry.stop();
