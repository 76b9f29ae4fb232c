import path from 'node:path';
import type { CostRates } from '#domain/costs.ts';
import { migrate } from '#infra/postgres/migrate.ts';
import { paperExchangeArguments } from '#infra/paperExchange/launch.ts';
import type { Progress } from '#infra/stack/cache.ts';
import { answers } from '#infra/stack/health.ts';
import { readHomeState, writeHomeState } from '#infra/stack/homeState.ts';
import { choosePorts } from '#infra/stack/ports.ts';
import { mustRun } from '#infra/stack/run.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import type { ServerSpec } from '#infra/stack/serverProcess.ts';
import { startStack, type RunningStack } from '#infra/stack/stack.ts';
import { provideTensorflow } from '#infra/stack/tensorflow.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { StackPlace } from '../stackPlace.ts';

/** Everything that has to run before a model can be trained or an order sent. */
export interface Platform {
  readonly stack: RunningStack;
  readonly consoleUrl: string;
  readonly exchange: { readonly url: string; readonly home: string };
}

/** What the platform is started with. */
export interface PlatformRequest {
  readonly place: StackPlace;
  readonly checkout: string;
  /** What the paper exchange charges. */
  readonly rates: CostRates;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const queues = Object.keys(taskQueues);
const host = '127.0.0.1';

/** Provisions what is missing and starts servers, venue, workers and console; when it throws, nothing runs on. */
export async function startPlatform({ place, checkout, rates, progress, signal }: PlatformRequest): Promise<Platform> {
  const { home, cache } = place;
  const tensorflow = provideTensorflow(cache, progress);
  const sample = provideSample(cache, progress);
  // Met below; until then a failure of one must not end the process while the other servers start.
  for (const provisioning of [tensorflow, sample]) provisioning.catch(() => undefined);
  const stack = await startStack({ ...place, progress, signal });
  try {
    await migrate(stack.addresses.postgres.url);
    await tensorflow;
    const ports = await choosePlatformPorts(place);
    const exchangeHome = path.join(home, 'paperExchange');
    await stack.keep(exchangeSpec(exchangeHome, { barsFile: await sample, port: ports.paperExchange!, rates }));
    const bundle = path.join(home, 'workflows.js');
    progress('workflows', 'bundling');
    await mustRun(process.execPath, [...process.execArgv, path.join(checkout, 'workers/bundleWorkflows.ts'), bundle]);
    const workers = queues.map((queue) =>
      stack.keep(workerSpec(queue, { home, cache, bundle, checkout, port: ports[`${queue}Metrics`]! })),
    );
    await Promise.all(workers);
    await stack.keep(consoleSpec(ports.console!, checkout));
    return {
      stack,
      consoleUrl: `http://${host}:${ports.console}`,
      exchange: { url: `http://${host}:${ports.paperExchange}`, home: exchangeHome },
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

async function choosePlatformPorts({ home, ports }: StackPlace): Promise<Readonly<Record<string, number>>> {
  const state = await readHomeState(home);
  const names = ['paperExchange', 'console', ...queues.map((queue) => `${queue}Metrics`)];
  const chosen = await choosePorts(names, { configured: ports, last: state.ports });
  await writeHomeState(home, { ...state, ports: { ...state.ports, ...chosen } });
  return chosen;
}

function exchangeSpec(
  home: string,
  { barsFile, port, rates }: { readonly barsFile: string; readonly port: number; readonly rates: CostRates },
): ServerSpec {
  return {
    name: 'paper-exchange',
    command: process.execPath,
    args: paperExchangeArguments({ home, barsFile, port, rates }),
    stopSignal: 'SIGTERM',
    startTimeoutMs: 60_000,
    isHealthy: () => answers(`http://${host}:${port}/health`),
  };
}

function workerSpec(
  queue: string,
  given: {
    readonly home: string;
    readonly cache: string;
    readonly bundle: string;
    readonly checkout: string;
    readonly port: number;
  },
): ServerSpec {
  const { home, cache, bundle, checkout, port } = given;
  const options = [
    '--queue',
    queue,
    '--home',
    home,
    '--cache',
    cache,
    '--bundle',
    bundle,
    '--metrics-port',
    String(port),
  ];
  return {
    name: `worker-${queue}`,
    command: process.execPath,
    args: [...process.execArgv, path.join(checkout, 'workers/worker.ts'), ...options],
    stopSignal: 'SIGTERM',
    startTimeoutMs: 120_000,
    isHealthy: () => answers(`http://${host}:${port}/metrics`),
  };
}

function consoleSpec(port: number, checkout: string): ServerSpec {
  return {
    name: 'console',
    command: process.execPath,
    args: [...process.execArgv, path.join(checkout, 'console/cli.ts'), 'console', '--port', String(port)],
    stopSignal: 'SIGTERM',
    startTimeoutMs: 60_000,
    isHealthy: () => answers(`http://${host}:${port}/login`),
  };
}
