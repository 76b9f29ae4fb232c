import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createIngests } from '#console/desk/ingestDesk.ts';
import type { Ingests } from '#console/desk/desk.ts';
import { tellError } from '#console/errorText.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { openIngestHouse, type IngestHouse } from '#test/chaos/ingestHouse.ts';
import { startMortalWorker, type MortalWorker } from '#test/chaos/mortalWorker.ts';

const asOf = '2023-06-22';

let house: IngestHouse;
let worker: MortalWorker;
let ingests: Ingests;
beforeAll(async () => {
  house = await openIngestHouse(inject('stack'));
  worker = await startMortalWorker(house.home, 'marketData');
  const session = sessionDate(asOf);
  ingests = createIngests({
    client: house.client,
    brokerOf: () => ({ clock: () => Promise.resolve({ marketTimeMs: 0, session, phase: 'closed' }) }),
    readObject: (key) => house.sight.objects.get(key),
  });
}, 300_000);
afterAll(async () => {
  await worker.kill();
  await house.stop();
});

describe('an ingest by hand', () => {
  test('is followed from fetch to publication, and its report is read where it says', async () => {
    const told: string[] = [];
    const done = await ingests.run({ request: { dataset: 'by-hand', asOf }, by: 'ada' }, (text) => told.push(text));
    expect(done).toMatchObject({ workflowId: `ingest:by-hand:${asOf}`, dataset: 'by-hand', asOf });
    expect(told.length).toBeGreaterThan(0);
    expect(await house.sight.catalogue.head('by-hand')).toMatchObject({ digest: done.digest, rows: done.rows });
    expect(new TextDecoder().decode(await ingests.report(done.report))).toContain(`by-hand as of ${asOf}`);
  });

  test('is joined by who asks for the same while it runs; INGEST_RUNNING is who asks for another', async () => {
    const order = { request: { dataset: 'joined', asOf }, by: 'ada' };
    const first = ingests.run(order, () => undefined);
    const range = { from: '2023-06-01', to: asOf };
    await expect.poll(() => statusOf(`ingest:joined:${asOf}`), { timeout: 30_000 }).toBe('RUNNING');
    const second = ingests.run({ ...order, by: 'grace' }, () => undefined);
    const other = ingests.run({ ...order, request: { ...order.request, range } }, () => undefined);
    await expect(other).rejects.toMatchObject({ code: 'INGEST_RUNNING' });
    expect(await second).toEqual(await first);
  });

  test('of a source of its own takes in its symbols alone', async () => {
    const source = { provider: 'sample', symbols: ['NVDA', 'AAPL'] };
    const done = await ingests.run({ request: { dataset: 'two', asOf, source }, by: 'ada' }, () => undefined);
    expect(done.symbols).toEqual(['AAPL', 'NVDA']);
  });

  test('PROVIDER_UNKNOWN: of a provider that the worker does not have fails at once', async () => {
    const source = { provider: 'nobody', symbols: ['AAPL'] };
    const failed = ingests.run({ request: { dataset: 'none', asOf, source }, by: 'ada' }, () => undefined);
    const error: unknown = await failed.catch((reason: unknown) => reason);
    expect(tellError(error)).toMatchObject({ code: 'PROVIDER_UNKNOWN' });
  });

  test('PROVIDER_BARS_MISSING: of a symbol without a bar publishes nothing', async () => {
    const source = { provider: 'sample', symbols: ['AAPL', 'XYZ'] };
    const failed = ingests.run({ request: { dataset: 'missing', asOf, source }, by: 'ada' }, () => undefined);
    expect(tellError(await failed.catch((reason: unknown) => reason))).toMatchObject({ code: 'PROVIDER_BARS_MISSING' });
    expect(await house.sight.catalogue.head('missing')).toBeUndefined();
  });
});

async function statusOf(workflowId: string): Promise<string> {
  const description = await house.client.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => undefined);
  return description?.status.name ?? 'none';
}
