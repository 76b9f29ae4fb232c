import { isSpanContextValid, trace } from '@opentelemetry/api';
import { ecsFormat } from '@elastic/ecs-pino-format';
import { pino, type DestinationStream, type Logger } from 'pino';
import { lineRedactor, redactSecrets } from './redactSecrets.ts';

/** A logger whose lines are ECS JSON. */
export type PlimsollLogger = Logger;

/** How a program logs. */
export interface LoggerOptions {
  /** Name of the program, ECS `service.name`. */
  readonly service: string;
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /** Where lines go: stderr when absent, so that stdout stays the program's answer. */
  readonly destination?: DestinationStream;
  /** Values that appear in no line, whatever field or message they are in. */
  readonly secrets?: readonly string[];
}

/**
 * A logger that writes ECS lines with the active trace's ids and hides secrets by name, by value and inside addresses.
 */
export function createLogger({ service, level, destination, secrets = [] }: LoggerOptions): PlimsollLogger {
  const ecs = ecsFormat({ serviceName: service, apmIntegration: false });
  const { log } = ecs.formatters ?? {};
  const logger = pino(
    {
      ...ecs,
      level,
      formatters: {
        ...ecs.formatters,
        log: (fields) => redactSecrets(log?.(fields) ?? fields) as Record<string, unknown>,
      },
      mixin: activeTraceIds,
      // Fields of the line win over the active trace: a line forwarded from a workflow carries its own.
      mixinMergeStrategy: (fields, ids) => ({ ...ids, ...fields }),
      hooks: { streamWrite: lineRedactor(secrets) },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
  // Pino writes a child's fields without asking the formatters; children inherit this method.
  const child = Reflect.get(logger, 'child') as (...given: unknown[]) => unknown;
  Object.assign(logger, {
    child(this: Logger, fields: unknown, options?: unknown): unknown {
      return Reflect.apply(child, this, [redactSecrets(fields), options]);
    },
  });
  return logger;
}

function activeTraceIds(): Record<string, string> {
  const context = trace.getActiveSpan()?.spanContext();
  return context && isSpanContextValid(context) ? { 'trace.id': context.traceId, 'span.id': context.spanId } : {};
}
