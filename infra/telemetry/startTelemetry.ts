import { createServer, type AddressInfo } from 'node:net';
import type { DestinationStream } from 'pino';
import { createLogger, type PlimsollLogger } from './logger.ts';
import { createMetrics, serveMetrics, type Metrics } from './metrics.ts';
import { installTemporalRuntime } from './temporalRuntime.ts';
import { startTracing, type Tracing } from './tracing.ts';

/** What a program's telemetry is started from: its name, and the section `telemetry` of the settings. */
export interface TelemetryRequest {
  readonly service: string;
  readonly settings: {
    readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error';
    readonly metricsHost: string;
    readonly workerMetricsPort: number;
    readonly temporalMetricsPort: number;
    readonly otlpEndpoint: string | null;
  };
  /** Where log lines go; stderr when absent. */
  readonly logDestination?: DestinationStream;
  /** Values that may appear in no log line. */
  readonly secrets?: readonly string[];
}

/** Telemetry of a worker program. */
export interface Telemetry {
  readonly logger: PlimsollLogger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Addresses Prometheus scrapes: our metrics and the SDK's. */
  readonly scrapeUrls: readonly string[];
  /** Flushes and closes everything, in bounded time; never throws. */
  stop(): Promise<void>;
}

const flushTimeoutMs = 3_000;

/**
 * Starts logs, metrics and traces of a worker program, Temporal's among them. Once a process, before Temporal is used.
 * @throws Error with code EADDRINUSE when a configured port is taken
 */
export async function startTelemetry(request: TelemetryRequest): Promise<Telemetry> {
  const { service, settings, logDestination, secrets } = request;
  const logger = createLogger({
    service,
    level: settings.logLevel,
    ...(logDestination && { destination: logDestination }),
    ...(secrets && { secrets }),
  });
  const tracing = startTracing({ service, otlpEndpoint: settings.otlpEndpoint });
  const metrics = createMetrics({ service });
  const endpoint = await serveMetrics({
    registry: metrics.registry,
    host: settings.metricsHost,
    port: settings.workerMetricsPort,
  });
  const temporalPort = settings.temporalMetricsPort || (await freePort(settings.metricsHost));
  const metricsAddress = `${settings.metricsHost}:${temporalPort}`;
  installTemporalRuntime({ logger, metricsAddress });
  return {
    logger,
    metrics,
    tracing,
    scrapeUrls: [endpoint.url, `http://${metricsAddress}/metrics`],
    stop: async () => {
      await tracing.stop(flushTimeoutMs);
      await endpoint.close();
      logger.flush();
    },
  };
}

// The SDK's server is bound by native code that does not tell which port it took.
async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
