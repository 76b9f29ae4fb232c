import { MockActivityEnvironment } from '@temporalio/testing';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '#infra/telemetry/metrics.ts';
import { startTelemetry, type Telemetry } from '#infra/telemetry/startTelemetry.ts';
import { temporalLogger } from '#infra/telemetry/temporalLogger.ts';
import { workerInterceptors } from '#infra/telemetry/temporalInterceptors.ts';

let telemetry: Telemetry;
const lines: string[] = [];

beforeAll(async () => {
  telemetry = await startTelemetry({
    service: 'plimsoll-test',
    settings: {
      logLevel: 'info',
      metricsHost: '127.0.0.1',
      workerMetricsPort: 0,
      temporalMetricsPort: 0,
      otlpEndpoint: null,
    },
    logDestination: { write: (line) => void lines.push(line) },
    secrets: ['sesame-sesame'],
  });
});
afterAll(() => telemetry.stop());

test("the worker's and the Temporal SDK's metrics can both be scraped", async () => {
  const texts = await Promise.all(
    telemetry.scrapeUrls.map(async (url) => {
      const { statusCode, body } = await request(url);
      expect(statusCode).toBe(200);
      return body.text();
    }),
  );
  expect(texts).toHaveLength(2);
  expect(texts[0]).toContain('plimsoll_process_cpu_seconds_total');
});

test('secrets given at the start are in no line', () => {
  telemetry.logger.info('sesame-sesame');
  expect(lines.at(-1)).toContain('(hidden)');
});

test('attempts of an activity are counted by outcome', async () => {
  const metrics = createMetrics({ service: 'plimsoll-test' });
  const environment = new MockActivityEnvironment(
    { activityType: 'claimOrder' },
    { logger: temporalLogger(telemetry.logger), interceptors: [...(workerInterceptors(metrics).activity ?? [])] },
  );
  await environment.run(() => Promise.resolve('claimed'));
  await expect(environment.run(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  const text = await metrics.registry.metrics();
  const counts = text.split('\n').filter((line) => line.startsWith('plimsoll_activity_seconds_count'));
  expect(counts.map((line) => /outcome="(\w+)"/.exec(line)?.[1])).toEqual(['completed', 'failed']);
  expect(counts.filter((line) => line.includes('activity="claimOrder"') && line.endsWith(' 1'))).toHaveLength(2);
});
