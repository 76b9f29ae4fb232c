import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Metrics of this process, named `plimsoll_*`. */
export interface Metrics {
  readonly registry: Registry;
  /** Seconds of each attempt of an activity, by `activity` and `outcome` (`completed`, `failed`). */
  readonly activitySeconds: Histogram<'activity' | 'outcome'>;
}

/** A registry with the process's own metrics and those of its activities. */
export function createMetrics({ service }: { readonly service: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, prefix: 'plimsoll_' });
  const activitySeconds = new Histogram({
    name: 'plimsoll_activity_seconds',
    help: 'Seconds of each attempt of an activity',
    labelNames: ['activity', 'outcome'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300, 1_800],
    registers: [registry],
  });
  return { registry, activitySeconds };
}

/** A metrics endpoint that listens. */
export interface MetricsEndpoint {
  /** Where Prometheus scrapes: `http://host:port/metrics`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a registry over HTTP.
 * @param port 0 takes a free one
 * @throws Error with code EADDRINUSE when the port is taken
 */
export async function serveMetrics(request: {
  readonly registry: Registry;
  readonly host: string;
  readonly port: number;
}): Promise<MetricsEndpoint> {
  const { registry, host, port } = request;
  const server = createServer((asked, answer) => {
    if (asked.url !== '/metrics') {
      answer.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => answer.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => answer.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
