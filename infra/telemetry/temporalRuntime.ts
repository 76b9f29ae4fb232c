import { Runtime } from '@temporalio/worker';
import type { PlimsollLogger } from './logger.ts';
import { temporalLogger } from './temporalLogger.ts';

/** Names as Prometheus wants them: units and `total` in the name, durations in seconds. */
const namingOfPrometheus = { countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true } as const;

/**
 * Installs Temporal's runtime: its lines through our logger, its metrics for Prometheus.
 * Once a process, before the first worker or native connection.
 * @param metricsAddress `host:port` the SDK's metrics are served at, under `/metrics`; undefined serves none
 */
export function installTemporalRuntime(request: {
  readonly logger: PlimsollLogger;
  readonly metricsAddress: string | undefined;
}): void {
  const { logger, metricsAddress } = request;
  Runtime.install({
    logger: temporalLogger(logger),
    // Signals are the worker programs' own: they stop in an order.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
      ...(metricsAddress === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: metricsAddress, ...namingOfPrometheus } } }),
    },
  });
}
