import type { Logger, LogLevel, LogMetadata } from '@temporalio/common';
import type { PlimsollLogger } from './logger.ts';

/** Names of Temporal's log attributes as our lines carry them. */
const fieldNames: Readonly<Record<string, string>> = {
  namespace: 'temporal.namespace',
  taskQueue: 'temporal.task_queue',
  workflowId: 'temporal.workflow_id',
  runId: 'temporal.run_id',
  workflowRunId: 'temporal.run_id',
  workflowType: 'temporal.workflow',
  activityId: 'temporal.activity_id',
  activityType: 'temporal.activity',
  attempt: 'temporal.attempt',
  sdkComponent: 'temporal.component',
  trace_id: 'trace.id',
  span_id: 'span.id',
  trace_flags: 'trace.flags',
  error: 'err',
};

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Temporal's lines, those of workflows and activities among them, through our logger. */
export function temporalLogger(logger: PlimsollLogger): Logger {
  const write = (level: LogLevel, message: string, meta: LogMetadata = {}): void => {
    const fields = Object.entries(meta).map(([name, value]: [string, unknown]) => [fieldNames[name] ?? name, value]);
    logger[levels[level]](Object.fromEntries(fields), message);
  };
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}
