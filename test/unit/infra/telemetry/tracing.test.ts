import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, propagation, trace } from '@opentelemetry/api';
import { request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { startTracing, type Tracing } from '#infra/telemetry/tracing.ts';

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

const servers: Server[] = [];
let tracing: Tracing | undefined;

afterEach(async () => {
  await tracing?.stop(1_000);
  tracing = undefined;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(
  answer: (path: string, body: string, headers: NodeJS.Dict<string | string[]>) => void,
): Promise<string> {
  const server = createServer((asked, response) => {
    let body = '';
    asked.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    asked.on('end', () => {
      answer(asked.url ?? '', body, asked.headers);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function receiver(): Promise<{ readonly endpoint: string; readonly spans: ReceivedSpan[] }> {
  const spans: ReceivedSpan[] = [];
  const endpoint = await listen((path, body) => {
    expect(path).toBe('/v1/traces');
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
    };
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
  });
  return { endpoint, spans };
}

test('spans, those of HTTP calls among them, reach the OTLP receiver before a stop ends', async () => {
  const { endpoint, spans } = await receiver();
  let traceParent: string | string[] | undefined;
  const broker = await listen((_path, _body, headers) => {
    traceParent = headers.traceparent;
  });
  tracing = startTracing({ service: 'plimsoll-test', otlpEndpoint: endpoint });
  await trace.getTracer('test').startActiveSpan('place order', async (span) => {
    await (await request(`${broker}/v2/orders?token=letmein&side=buy`)).body.dump();
    span.end();
  });
  await tracing.stop(2_000);

  const order = spans.find(({ name }) => name === 'place order');
  const http = spans.find(({ parentSpanId }) => parentSpanId === order?.spanId);
  expect(order).toBeDefined();
  expect(http?.traceId).toBe(order?.traceId);
  expect(JSON.stringify(http)).toContain('side=buy');
  expect(JSON.stringify(spans)).not.toContain('letmein');
  expect(traceParent).toBe(`00-${http?.traceId ?? ''}-${http?.spanId ?? ''}-01`);
});

test('without a receiver ids still travel', () => {
  tracing = startTracing({ service: 'plimsoll-test', otlpEndpoint: null });
  const headers: Record<string, string> = {};
  const span = trace.getTracer('test').startSpan('step');
  propagation.inject(trace.setSpan(context.active(), span), headers);
  expect(headers.traceparent).toContain(span.spanContext().traceId);
});

test('a receiver that is gone neither fails nor holds up a stop', async () => {
  tracing = startTracing({ service: 'plimsoll-test', otlpEndpoint: 'http://127.0.0.1:9' });
  trace.getTracer('test').startSpan('lost').end();
  const startedMs = performance.now();
  await tracing.stop(300);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});
