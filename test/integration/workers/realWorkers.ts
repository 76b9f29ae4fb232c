import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addressesFile, type StackAddresses } from '#infra/stack/addresses.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { answers } from '#infra/stack/health.ts';
import { readHomeState, writePrivate } from '#infra/stack/homeState.ts';
import { freePort } from '#infra/stack/ports.ts';
import { mustRun } from '#infra/stack/run.ts';
import { ServerProcess } from '#infra/stack/serverProcess.ts';

/** The worker programs, as a start runs them, with a home of their own. */
export interface RealWorkers {
  readonly home: string;
  /** Ports of the workers' own metrics and of the SDK's, by queue. */
  readonly ports: Readonly<Record<string, { readonly own: number; readonly sdk: number }>>;
  /** File of a worker's log. */
  logOf(queue: string): string;
  stop(): Promise<void>;
}

const checkout = new URL('../../../', import.meta.url).pathname;
const loader = ['--import', import.meta.resolve('tsx')];

/** Starts worker programs of some queues against running servers; their traces go to a receiver, if there is one. */
export async function startWorkers(request: {
  readonly stack: StackAddresses;
  readonly queues: readonly string[];
  readonly otlpEndpoint?: string;
}): Promise<RealWorkers> {
  const { stack, queues, otlpEndpoint } = request;
  const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-workers-'));
  await readHomeState(home);
  await writePrivate(addressesFile(home), stack);
  const bundle = path.join(home, 'workflows.js');
  await mustRun(process.execPath, [...loader, path.join(checkout, 'workers/bundleWorkflows.ts'), bundle]);
  const workers: ServerProcess[] = [];
  const ports: Record<string, { readonly own: number; readonly sdk: number }> = {};
  const stop = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.stop()));
    rmSync(home, { recursive: true, force: true });
  };
  try {
    for (const queue of queues) {
      const { own, sdk } = (ports[queue] = { own: await freePort(), sdk: await freePort() });
      const place = ['--queue', queue, '--home', home, '--cache', cacheFolder(), '--bundle', bundle];
      const spec = {
        name: `worker-${queue}`,
        command: process.execPath,
        args: [...loader, path.join(checkout, 'workers/worker.ts'), ...place, '--metrics-port', String(own)],
        env: {
          ...process.env,
          ...(otlpEndpoint !== undefined && { PLIMSOLL_TELEMETRY__OTLP_ENDPOINT: otlpEndpoint }),
          PLIMSOLL_TELEMETRY__TEMPORAL_METRICS_PORT: String(sdk),
        },
        stopSignal: 'SIGTERM',
        startTimeoutMs: 120_000,
        isHealthy: () => answers(`http://127.0.0.1:${own}/metrics`),
      } as const;
      workers.push(new ServerProcess(spec, home));
    }
    await Promise.all(workers.map((worker) => worker.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { home, ports, stop, logOf: (queue) => path.join(home, 'logs', `worker-${queue}.log`) };
}
