import { trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger, type PlimsollLogger } from '#infra/telemetry/logger.ts';
import { temporalLogger } from '#infra/telemetry/temporalLogger.ts';
import { startTracing, type Tracing } from '#infra/telemetry/tracing.ts';

interface Capture {
  readonly logger: PlimsollLogger;
  readonly text: () => string;
  readonly last: () => Record<string, unknown>;
}

function capture(secrets: readonly string[] = []): Capture {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: 'plimsoll-test', level: 'trace', destination, secrets });
  return {
    logger,
    text: () => lines.join(''),
    last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>,
  };
}

describe('lines', () => {
  test('are ECS: version, time, level, service and message under their ECS names', () => {
    const { logger, last } = capture();
    logger.info({ 'order.id': 'a-1' }, 'sent');
    expect(last()).toMatchObject({
      'log.level': 'info',
      'service.name': 'plimsoll-test',
      message: 'sent',
      'order.id': 'a-1',
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      'ecs.version': expect.any(String),
    });
  });

  test('carry an error with type, message and stack', () => {
    const { logger, last } = capture();
    logger.error({ err: new RangeError('too far') }, 'failed');
    expect(last().error).toMatchObject({ type: 'RangeError', message: 'too far', stack_trace: expect.any(String) });
  });
});

describe('secrets', () => {
  test('are hidden under their names at any depth, in fields and in children', () => {
    const { logger, text } = capture();
    const request = { headers: { authorization: 'sesame-1' }, body: [{ passwordHash: 'sesame-2', user: 'ada' }] };
    logger.info({ request, S3_SECRET_KEY: 'sesame-3', apiKey: 'sesame-4' }, 'asked');
    logger.child({ sessionToken: 'sesame-5' }).info('asked again');
    expect(text()).not.toContain('sesame');
    expect(text()).toContain('"user":"ada"');
  });

  test('are hidden by value in messages, fields and error stacks', () => {
    const { logger, text } = capture(['open"sesame']);
    logger.error({ err: new Error('rejected open"sesame'), note: 'open"sesame' }, 'with open"sesame');
    expect(text()).not.toContain('sesame');
    expect(text()).toContain('rejected (hidden)');
  });

  test('are hidden inside addresses, which stay readable', () => {
    const { logger, last } = capture();
    logger.info('connect postgresql://plimsoll:sesame@127.0.0.1:5432/plimsoll');
    expect(last().message).toBe('connect postgresql://plimsoll:(hidden)@127.0.0.1:5432/plimsoll');
  });
});

describe('trace ids', () => {
  let tracing: Tracing;
  beforeAll(() => {
    tracing = startTracing({ service: 'plimsoll-test', otlpEndpoint: null });
  });
  afterAll(() => tracing.stop(100));

  test('of the active span are on each line, and on none outside', () => {
    const { logger, last } = capture();
    trace.getTracer('test').startActiveSpan('step', (span) => {
      logger.info('inside');
      const { traceId, spanId } = span.spanContext();
      expect(last()).toMatchObject({ 'trace.id': traceId, 'span.id': spanId });
      span.end();
    });
    logger.info('outside');
    expect(last()).not.toHaveProperty(['trace.id']);
  });

  test("of a workflow's line win over the worker's own, beside its workflow, run and activity", () => {
    const { logger, last } = capture();
    trace.getTracer('test').startActiveSpan('worker', (span) => {
      const meta = { workflowId: 'session:paper-main:2023-06-26', runId: 'r', activityType: 'claim', trace_id: 'abc' };
      temporalLogger(logger).warn('late', { ...meta, error: new Error('lost') });
      span.end();
    });
    expect(last()).toMatchObject({
      'log.level': 'warn',
      message: 'late',
      'temporal.workflow_id': 'session:paper-main:2023-06-26',
      'temporal.run_id': 'r',
      'temporal.activity': 'claim',
      'trace.id': 'abc',
      error: { message: 'lost' },
    });
  });
});
