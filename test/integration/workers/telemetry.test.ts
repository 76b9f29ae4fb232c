import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { demonstrationPlan } from '#console/start/demonstrationPlan.ts';
import { lifecyclePlan } from '#console/start/lifecyclePlan.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { migrate } from '#infra/postgres/migrate.ts';
import { clientInterceptors } from '#infra/telemetry/temporalInterceptors.ts';
import { startTracing, type Tracing } from '#infra/telemetry/tracing.ts';
import type { ingestMarketData } from '#workflows/ingestMarketData.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { trainModel } from '#workflows/trainModel.ts';
import { startWorkers, type RealWorkers } from './realWorkers.ts';
import { startTraceReceiver, type ReceivedSpan, type TraceReceiver } from './traceReceiver.ts';

const stack = inject('stack');
const queues = ['lifecycle', 'marketData', 'training', 'validation'];
const asOf = sessionDate('2016-06-30');

let receiver: TraceReceiver;
let workers: RealWorkers;
let tracing: Tracing;
let connection: Connection;
let traceId = '';
let logLines: readonly string[] = [];
const spansOfTrace = (): readonly ReceivedSpan[] => receiver.spans.filter((span) => span.traceId === traceId);

/** A snapshot, and a training of one epoch on it, by the real workers. */
async function runTraining(client: Client): Promise<void> {
  const plan = lifecyclePlan(demonstrationPlan(1), resolveSettings({ environment: {} }), asOf);
  const { dataset } = plan;
  const options = { taskQueue: taskQueues.lifecycle };
  const snapshot = await client.workflow.execute<typeof ingestMarketData>('ingestMarketData', {
    ...options,
    workflowId: `telemetry-ingest-${Date.now()}`,
    args: [{ dataset, asOf }],
  });
  const training = { ...plan.training.training, epochs: 1 };
  await trace.getTracer('test').startActiveSpan('operator', async (span) => {
    ({ traceId } = span.spanContext());
    await client.workflow.execute<typeof trainModel>('trainModel', {
      ...options,
      workflowId: `telemetry-train-${Date.now()}`,
      args: [{ ...plan.training, model: `telemetry-${Date.now()}`, training, snapshotDigest: snapshot.digest }],
    });
    span.end();
  });
}

beforeAll(async () => {
  await migrate(stack.postgres.url);
  receiver = await startTraceReceiver();
  tracing = startTracing({ service: 'plimsoll-test', otlpEndpoint: receiver.endpoint });
  workers = await startWorkers({ stack, queues, otlpEndpoint: receiver.endpoint });
  connection = await Connection.connect({ address: stack.temporal.address });
  const { namespace } = stack.temporal;
  await runTraining(new Client({ connection, namespace, interceptors: clientInterceptors() }));
  logLines = queues.flatMap((queue) => readFileSync(workers.logOf(queue), 'utf8').split('\n').slice(0, -1));
}, 400_000);

afterAll(async () => {
  await workers.stop();
  await connection.close();
  await tracing.stop(1_000);
  receiver.close();
});

describe('the trace of a training', () => {
  it('is one, from the client through workflow and activities to MLflow, the object store and PostgreSQL', async () => {
    // Programs send their spans once a second.
    await vi.waitFor(
      () => {
        const names = new Set(spansOfTrace().map(({ name }) => name));
        for (const name of ['operator', 'StartWorkflow:trainModel', 'RunWorkflow:trainModel', 's3 PutObject']) {
          expect(names).toContain(name);
        }
        expect([...names].filter((name) => name.startsWith('RunActivity:')).length).toBeGreaterThan(2);
        expect([...names].some((name) => name.startsWith('postgres '))).toBe(true);
        expect(spansTo(new URL(stack.mlflow.url).host).length).toBeGreaterThan(0);
      },
      { timeout: 30_000, interval: 500 },
    );
  });

  it('hangs together: every span but the first has its parent in it, calls have an activity above them', () => {
    const spans = new Map(spansOfTrace().map((span) => [span.spanId, span]));
    const roots = [...spans.values()].filter(({ parentSpanId = '' }) => !spans.has(parentSpanId));
    expect(roots.map(({ name }) => name)).toEqual(['operator']);
    const calls = [...spans.values()].filter(({ name }) => /^(?:s3|postgres) /.test(name));
    const callers = calls.map((call) => ancestors(call, spans).find(({ name }) => name.startsWith('RunActivity:')));
    expect(callers).not.toContain(undefined);
    expect(new Set([...spans.values()].map(({ service }) => service)).size).toBeGreaterThan(2);
  });

  it('holds no secret: no password, no key, no value of a statement', () => {
    const text = JSON.stringify(receiver.spans);
    const { accessKey, secretKey } = stack.objects;
    for (const secret of [new URL(stack.postgres.url).password, accessKey, secretKey])
      expect(text).not.toContain(secret);
    const statements = receiver.spans.flatMap(({ attributes }) =>
      attributes.filter(({ key }) => key === 'db.statement').map(({ value }) => String(value.stringValue)),
    );
    expect(statements.some((statement) => statement.includes('$1'))).toBe(true);
    expect(statements.filter((statement) => /'[0-9a-f]{64}'/.test(statement))).toEqual([]);
  });

  it('is named in the lines that were logged within it', () => {
    const inTrace = logLines.map(fieldsOf).filter((fields) => fields['trace.id'] === traceId);
    expect(inTrace.length).toBeGreaterThan(0);
    const spanIds = new Set(spansOfTrace().map(({ spanId }) => spanId));
    for (const { 'span.id': id } of inTrace) expect(spanIds).toContain(id);
  });
});

describe('the log of a worker', () => {
  it('is ECS JSON, every line of it', () => {
    expect(logLines.length).toBeGreaterThan(queues.length);
    expect(logLines.filter((line) => !isEcs(line))).toEqual([]);
  });
});

describe('the metrics of a worker', () => {
  it.each(queues)('of the queue %s are scraped from both endpoints, with units and few labels', async (queue) => {
    const { own, sdk } = workers.ports[queue]!;
    const [ownPage, sdkPage] = await Promise.all([own, sdk].map((port) => pageOf(`http://127.0.0.1:${port}/metrics`)));
    expect(ownPage).toMatch(/^plimsoll_activity_seconds_bucket\{/m);
    expect(sdkPage).toMatch(/^temporal_request_latency_seconds_bucket\{/m);
    expect(sdkPage).toMatch(/^temporal_request_total\{/m);
    for (const [page, prefix] of [
      [ownPage, 'plimsoll_'],
      [sdkPage, 'temporal_'],
    ] as const) {
      const names = [...(page ?? '').matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => ({
        name,
        kind,
      }));
      expect(names.filter(({ name }) => !name.startsWith(prefix))).toEqual([]);
      expect(names.filter(({ name, kind }) => kind === 'counter' && !name.endsWith('_total'))).toEqual([]);
      expect(names.filter(({ name }) => /_(?:ms|milliseconds|percent|kb)(?:_|$)/.test(name))).toEqual([]);
      const labels = new Set([...(page ?? '').matchAll(/[{,]([a-z_]+)="/g)].map(([, label = '']) => label));
      expect(
        [...labels].filter((label) => /workflow_id|run_id|activity_id|symbol|order|digest|trace/.test(label)),
      ).toEqual([]);
      expect((page ?? '').split('\n').length).toBeLessThan(2_000);
    }
  });
});

function spansTo(host: string): readonly ReceivedSpan[] {
  return spansOfTrace().filter(({ attributes }) =>
    attributes.some(({ key, value }) => key === 'url.full' && String(value.stringValue).includes(host)),
  );
}

function ancestors(span: ReceivedSpan, spans: ReadonlyMap<string, ReceivedSpan>): readonly ReceivedSpan[] {
  const parent = spans.get(span.parentSpanId ?? '');
  return parent ? [parent, ...ancestors(parent, spans)] : [];
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

function isEcs(line: string): boolean {
  const fields = fieldsOf(line);
  const needed = ['@timestamp', 'log.level', 'message', 'ecs.version', 'service.name'];
  return needed.every((name) => typeof fields[name] === 'string');
}

async function pageOf(url: string): Promise<string> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  return answer.text();
}
