import { SpanStatusCode, trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { tracedQuery } from '#infra/postgres/queryTrace.ts';

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
beforeEach(() => exporter.reset());
afterAll(() => trace.disable());

test('a query is a span with its verb and its statement', async () => {
  expect(await tracedQuery('\n  select * from orders where account = $1', async () => 7)).toBe(7);
  const [span] = exporter.getFinishedSpans();
  expect(span?.name).toBe('postgres SELECT');
  expect(span?.attributes).toEqual({
    'db.system': 'postgresql',
    'db.operation': 'SELECT',
    'db.statement': '\n  select * from orders where account = $1',
  });
});

test('a failure marks the span, is thrown on, and leaves its words out of the trace', async () => {
  const failing = tracedQuery('INSERT INTO people VALUES ($1)', () => Promise.reject(new TypeError('secret value')));
  await expect(failing).rejects.toThrow('secret value');
  const [span] = exporter.getFinishedSpans();
  expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'TypeError' });
  expect(JSON.stringify(span?.events)).not.toContain('secret');
});
