import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, trace } from '@opentelemetry/api';
import { fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { tracePages } from '#console/web/tracePages.ts';
import { startTracing } from '#infra/telemetry/tracing.ts';

interface ReceivedSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

function listenFor(spans: ReceivedSpan[]): Promise<Server> {
  const server = createServer((asked, answer) => {
    let body = '';
    asked.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    asked.on('end', () => {
      const sent = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[] };
      spans.push(...sent.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      answer.end('{}');
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

test('what a page or a form sets off hangs on its span, which is named by its route and holds no name of anybody', async () => {
  const spans: ReceivedSpan[] = [];
  const receiver = await listenFor(spans);
  onTestFinished(() => void receiver.close());
  const otlpEndpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const tracing = startTracing({ service: 'plimsoll-test', otlpEndpoint });
  const server = fastify();
  tracePages(server);
  server.post('/accounts/:account/halt', async () => {
    await Promise.resolve();
    trace.getTracer('test').startSpan('tell the guard', {}, context.active()).end();
    return 'halted';
  });
  await server.inject({ method: 'POST', url: '/accounts/secret-fund/halt', payload: { reason: 'news' } });
  await server.close();
  await tracing.stop(2_000);

  const page = spans.find(({ name }) => name === 'POST /accounts/:account/halt');
  expect(spans.find(({ name }) => name === 'tell the guard')?.parentSpanId).toBe(page?.spanId);
  expect(page).toBeDefined();
  expect(JSON.stringify(spans)).not.toContain('secret-fund');
});
