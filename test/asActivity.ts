import { MockActivityEnvironment } from '@temporalio/testing';
import { createLogger } from '#infra/telemetry/logger.ts';
import { temporalLogger } from '#infra/telemetry/temporalLogger.ts';

/** Says nothing. */
export const silentLogger = createLogger({
  service: 'plimsoll-test',
  level: 'error',
  destination: { write: () => undefined },
});

/** Runs a body where an activity finds the context it beats into; nothing listens. */
export function asActivity<T>(body: () => Promise<T>): Promise<T> {
  return new MockActivityEnvironment({}, { logger: temporalLogger(silentLogger) }).run(body);
}
