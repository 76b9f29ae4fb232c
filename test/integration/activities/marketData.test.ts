import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createMarketDataActivities, snapshotKeys } from '#activities/marketDataActivities.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { parquetTables } from '#infra/parquet/parquetTables.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { createSampleProvider } from '#infra/sample/sampleProvider.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import { tableToBars, tableToBenchmark } from '#pipelines/tables.ts';
import { asActivity } from '#test/asActivity.ts';
import { failureCode } from '../failureCode.ts';
import { dataset, ingest } from './candidate.ts';
import { openHouse, type House } from './house.ts';
import { defaultContractRules } from '#pipelines/contract/contractRules.ts';

const asOf = '2023-06-22';

let house: House;
beforeAll(async () => {
  house = await openHouse(inject('stack'));
});
afterAll(() => house.stop());

/** Sessions of everything a snapshot's objects hold. */
async function sessionsStored(digest: Awaited<ReturnType<typeof ingest>>['digest']): Promise<readonly string[]> {
  const objects = await openObjectStore(house.addresses.objects);
  const read = async (key: string) => parquetTables.decode(await objects.get(key));
  const keys = snapshotKeys(digest);
  const bars = tableToBars(await read(keys.bars));
  return [...bars.flatMap(({ sessions }) => sessions), ...tableToBenchmark(await read(keys.benchmark)).sessions];
}

describe('ingest', () => {
  test('of the same dataset as of the same session gives one snapshot, however often it runs', async () => {
    const first = await ingest(house, asOf);
    const second = await ingest(house, asOf);
    expect(second).toEqual(first);
    expect(first.symbols).toEqual(['AAPL', 'AMZN', 'GOOG', 'META', 'NFLX', 'NVDA']);
    expect(await createCatalogue(house.database).snapshots(dataset)).toHaveLength(1);
  });

  test('stores no bar and no benchmark level later than the session it is as of', async () => {
    const { digest } = await ingest(house, asOf);
    const sessions = await sessionsStored(digest);
    expect(sessions.length).toBeGreaterThan(10_000);
    expect(sessions.filter((session) => session > asOf)).toEqual([]);
    expect(sessions).toContain(asOf);
  });

  test('as of the session after takes in that session and moves the head', async () => {
    const before = await ingest(house, asOf);
    const next = await ingest(house, '2023-06-23');
    expect(next.digest).not.toBe(before.digest);
    expect(next.rows).toBe(before.rows + 6);
    expect(await createCatalogue(house.database).head(dataset)).toMatchObject({ digest: next.digest });
  });
});

describe('bars that break the data contract', () => {
  test('publish nothing: the head stays where it was', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-broken-sample-'));
    try {
      const before = await ingest(house, '2023-06-26');
      const stocksPath = path.join(folder, 'stocks_daily.csv');
      await writeFile(
        stocksPath,
        withoutEveryOtherSession(await readFile(await provideSample(cacheFolder(), () => {}), 'utf8')),
      );
      const catalogue = createCatalogue(house.database);
      const broken = createMarketDataActivities({
        contractRules: defaultContractRules,
        provider: createSampleProvider({ stocksPath }),
        objects: await openObjectStore(house.addresses.objects),
        tables: parquetTables,
        catalogue,
        codeVersion: 'test',
      });
      const fetched = await asActivity(() => broken.fetchBars({ dataset, asOf: '2023-06-27' }));
      expect(await failureCode(asActivity(() => broken.checkBars(fetched)))).toBe('DATA_CONTRACT_BROKEN');
      expect(await catalogue.head(dataset)).toMatchObject({ digest: before.digest, asOf: '2023-06-26' });
      expect((await catalogue.snapshots(dataset)).map((row) => row.asOf)).not.toContain('2023-06-27');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** The sample after half of its symbols lost every other session of two years. */
function withoutEveryOtherSession(csv: string): string {
  return csv
    .split('\n')
    .filter((line, index) => index % 2 === 0 || !/^(AAPL|AMZN|META),20(18|19)-/.test(line))
    .join('\n');
}
