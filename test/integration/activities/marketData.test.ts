import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createMarketDataActivities, type MarketDataActivities } from '#activities/marketDataActivities.ts';
import { readManifest, readSnapshot } from '#activities/snapshotStore.ts';
import type { Failure } from '#domain/failure.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { parquetTables } from '#infra/parquet/parquetTables.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { createSampleProvider } from '#infra/sample/sampleProvider.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import { createSnapshotShelf } from '#infra/snapshots/snapshotShelf.ts';
import { snapshotDigest } from '#pipelines/snapshot.ts';
import { asActivity } from '#test/asActivity.ts';
import { plimsoll } from '#test/unit/console/commandLine.ts';
import { memoryDesk } from '#test/unit/console/memoryDesk.ts';
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

/** The stores of the house, to look with. */
async function stores() {
  return { objects: await openObjectStore(house.addresses.objects), tables: parquetTables };
}

/** Sessions of everything a snapshot's objects hold. */
async function sessionsStored(digest: Awaited<ReturnType<typeof ingest>>['digest']): Promise<readonly string[]> {
  const { bars, benchmark } = await readSnapshot(await stores(), digest);
  return [...bars.flatMap(({ sessions }) => sessions), ...benchmark.sessions];
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

describe('a snapshot', () => {
  test('is the rows of its parts, whatever their files', async () => {
    const reference = await ingest(house, '2023-06-23');
    const { digest } = reference;
    const there = await stores();
    const manifest = await readManifest(there, reference);
    const { bars, benchmark } = await readSnapshot(there, digest);
    expect(snapshotDigest({ bars, benchmark })).toBe(digest);
    expect(manifest.parts.map(({ kind, year }) => `${kind} ${year}`)).toContain('bars 2013');
    const rows = manifest.parts.filter(({ kind }) => kind === 'bars').reduce((sum, part) => sum + part.rows, 0);
    expect(rows).toBe(manifest.rows);
    expect(manifest.rules.length).toBeGreaterThan(0);
  });

  test('of the next session has new parts for that year alone', async () => {
    const before = await ingest(house, '2023-06-26');
    const next = await ingest(house, '2023-06-27');
    const there = await stores();
    const known = new Set((await readManifest(there, before)).parts.map(({ key }) => key));
    const { parts, previous } = await readManifest(there, next);
    const written = parts.filter(({ key }) => !known.has(key));
    expect(written.map(({ kind, year }) => `${kind} ${year}`)).toEqual([
      'bars 2023',
      'adjusted 2023',
      'benchmark 2023',
    ]);
    expect(previous).toBe(before.digest);
  });

  test('is not read when a file of it is another', async () => {
    const reference = await ingest(house, '2023-06-28');
    const { digest } = reference;
    const there = await stores();
    const { parts } = await readManifest(there, reference);
    const [first, second] = parts.filter(({ year }) => year === '2023');
    const bytes = await there.objects.get(first!.key);
    await there.objects.put(first!.key, await there.objects.get(second!.key), 'application/octet-stream');
    expect(await failureCode(readSnapshot(there, digest))).toBe('SNAPSHOT_DAMAGED');
    await there.objects.put(first!.key, bytes, 'application/octet-stream');
    expect((await readSnapshot(there, digest)).bars).toHaveLength(6);
  });

  test('of a range told anew is that of the whole history', async () => {
    const before = await ingest(house, '2023-06-29');
    const asked = { dataset, asOf: '2023-06-30' };
    const part = await published(house.world.marketData, { ...asked, range: { from: '2023-06-20', to: '2023-06-30' } });
    expect(part.rows).toBe(before.rows + 6);
    const again = await published(house.world.marketData, asked);
    expect(again).toEqual(part);
  });
});

describe('a snapshot whose rows are those of another', () => {
  test('is published for both datasets, each with its own manifest and report, and is read as either', async () => {
    const first = await published(house.world.marketData, { dataset: 'twin-one', asOf });
    const second = await published(house.world.marketData, { dataset: 'twin-two', asOf });
    expect(second.digest).toBe(first.digest);
    const catalogue = createCatalogue(house.database);
    expect(await catalogue.head('twin-one')).toMatchObject({ dataset: 'twin-one', digest: first.digest });
    expect(await catalogue.head('twin-two')).toMatchObject({ dataset: 'twin-two', digest: first.digest });
    const there = await stores();
    const manifests = [await readManifest(there, first), await readManifest(there, second)];
    expect(manifests.map((manifest) => manifest.dataset)).toEqual(['twin-one', 'twin-two']);
    expect(manifests[0]!.parts).toEqual(manifests[1]!.parts);
    expect(manifests[0]!.reports.html).not.toBe(manifests[1]!.reports.html);
    for (const { reports } of manifests) {
      const report = JSON.parse(Buffer.from(await there.objects.get(reports.json)).toString()) as object;
      expect(report).toMatchObject({ verdict: 'publishable', digest: first.digest });
    }
    const read = await readSnapshot(there, first.digest);
    expect(snapshotDigest(read)).toBe(first.digest);
  });

  test('has a report of every run: a later one does not take the place of the first', async () => {
    const dataset = 'told-twice';
    const asked = { dataset, asOf: '2023-06-23' };
    await published(house.world.marketData, { dataset, asOf });
    const edited = await editedMarketData((csv) => csv.replace(/^AAPL,2022-03-01,.*$/m, withOneMoreShare));
    try {
      const fetched = await asActivity(() => edited.marketData.fetchBars(asked));
      const before = await asActivity(() => edited.marketData.checkBars(fetched));
      await asActivity(() => edited.marketData.publishSnapshot(before));
      const after = await asActivity(() => edited.marketData.checkBars(fetched));
      expect(after.digest).toBe(before.digest);
      expect(after.report).not.toBe(before.report);
      expect(after.findings).toBe(before.findings - 1);
      const { objects } = await stores();
      const page = Buffer.from(await objects.get(before.report.slice(objects.uri('').length))).toString();
      expect(page).toContain('rowRestated');
    } finally {
      await edited.close();
    }
  });
});

describe('snapshots at the command line', () => {
  test('are listed with the current one marked, and shown by digest or as head', async () => {
    const before = await ingest(house, '2023-07-03');
    const head = await ingest(house, '2023-07-05');
    const { objects } = await stores();
    const shelf = createSnapshotShelf({
      catalogue: createCatalogue(house.database),
      readObject: (key) => objects.get(key),
    });
    const desk = { ...memoryDesk(), snapshots: shelf };
    const asked = async (line: string): Promise<unknown> =>
      JSON.parse((await plimsoll(`${line} --json`, { desk })).out) as unknown;
    const listed = (await asked(`data snapshots --dataset ${dataset}`)) as readonly {
      readonly digest: string;
      readonly isHead: boolean;
    }[];
    expect(listed.filter(({ isHead }) => isHead).map(({ digest }) => digest)).toEqual([head.digest]);
    expect(listed.map(({ digest }) => digest)).toContain(before.digest);
    const chosen = '--symbol AAPL --from 2022-12-29 --to 2023-01-04';
    expect(await asked(`data show head --dataset ${dataset} --limit 3 ${chosen}`)).toMatchObject({
      manifest: { digest: head.digest },
      bars: ['2022-12-29', '2022-12-30', '2023-01-03'].map((session) => ({ symbol: 'AAPL', session, dividend: null })),
    });
    const { bars } = (await asked(`data show ${before.digest} ${chosen}`)) as { readonly bars: readonly object[] };
    const { bars: stored } = await readSnapshot(await stores(), before.digest);
    const apple = stored.find(({ symbol }) => symbol === 'AAPL')!;
    const row = apple.sessions.findIndex((session) => session === '2023-01-04');
    expect(bars).toHaveLength(4);
    expect(bars.at(-1)).toMatchObject({ close: apple.close[row], adjustedClose: apple.adjustedClose[row] });
    // A backtest plays all of them.
    const played = await asked(`backtest --strategy equal-weight --snapshot ${before.digest}`);
    expect(played).toMatchObject({
      symbols: stored.length,
      bars: stored.reduce((sum, { sessions }) => sum + sessions.length, 0),
      input: `snapshot ${before.digest}`,
    });
  });
});

describe('rows that the provider tells otherwise later', () => {
  test('are findings in the report and the new snapshot, and the one before stays as it was', async () => {
    const before = await ingest(house, '2023-07-06');
    const edited = await editedMarketData((csv) => csv.replace(/^AAPL,2022-03-01,.*$/m, withOneMoreShare));
    try {
      const next = await published(edited.marketData, { dataset, asOf: '2023-07-07' });
      const there = await stores();
      const { reports, rules } = await readManifest(there, next);
      expect(rules).toContainEqual({ rule: 'rowRestated', findings: 1, symbols: 1, severities: { note: 1 } });
      const report = JSON.parse(Buffer.from(await there.objects.get(reports.json)).toString()) as {
        readonly findings: readonly { readonly rule: string }[];
      };
      const [restated] = report.findings.filter(({ rule }) => rule === 'rowRestated');
      expect(restated).toMatchObject({ symbol: 'AAPL', session: '2022-03-01', action: 'kept' });
      const page = Buffer.from(await there.objects.get(reports.html)).toString();
      expect(page).toContain('<td>rowRestated</td><td>AAPL</td><td>2022-03-01</td>');
      const old = await readSnapshot(there, before.digest);
      expect(snapshotDigest(old)).toBe(before.digest);
    } finally {
      await edited.close();
    }
  });
});

describe('bars that break the data contract', () => {
  test('publish nothing: the head stays where it was', async () => {
    const before = await ingest(house, '2023-07-10');
    const broken = await editedMarketData(withoutEveryOtherSession);
    try {
      const catalogue = createCatalogue(house.database);
      const fetched = await asActivity(() => broken.marketData.fetchBars({ dataset, asOf: '2023-07-11' }));
      const refused = await asActivity(() => broken.marketData.checkBars(fetched)).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'DATA_CONTRACT_BROKEN' });
      expect(await catalogue.head(dataset)).toMatchObject({ digest: before.digest, asOf: '2023-07-10' });
      expect((await catalogue.snapshots(dataset)).map((row) => row.asOf)).not.toContain('2023-07-11');
      const { objects } = await stores();
      const { report } = (refused as Failure).details as { readonly report: string };
      const page = await objects.get(report.slice(objects.uri('').length));
      expect(Buffer.from(page).toString()).toContain('refused</h1>');
    } finally {
      await broken.close();
    }
  });

  test.each([
    ['ends after the session asked for', { from: '2023-07-03', to: '2023-07-12' }],
    ['ends before it begins', { from: '2023-07-03', to: '2023-07-01' }],
  ])('are not fetched for a range that %s', async (_, range) => {
    const { marketData } = house.world;
    expect(await failureCode(asActivity(() => marketData.fetchBars({ dataset, asOf: '2023-07-11', range })))).toBe(
      'BACKFILL_REFUSED',
    );
  });
});

/** Ingests by activities of a test's own. */
async function published(marketData: MarketDataActivities, request: Parameters<MarketDataActivities['fetchBars']>[0]) {
  const fetched = await asActivity(() => marketData.fetchBars(request));
  const checked = await asActivity(() => marketData.checkBars(fetched));
  return asActivity(() => marketData.publishSnapshot(checked));
}

/** The house's activities over a sample whose file was edited. */
async function editedMarketData(
  edit: (csv: string) => string,
): Promise<{ readonly marketData: MarketDataActivities; close(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-edited-sample-'));
  const stocksPath = path.join(folder, 'stocks_daily.csv');
  const sample = await readFile(await provideSample(cacheFolder(), () => {}), 'utf8');
  const edited = edit(sample);
  expect(edited).not.toBe(sample);
  await writeFile(stocksPath, edited);
  const marketData = createMarketDataActivities({
    ...(await stores()),
    contractRules: defaultContractRules,
    provider: createSampleProvider({ stocksPath }),
    providerNamed: () => createSampleProvider({ stocksPath }),
    universe: { symbols: [], benchmarkSymbol: 'SPY', firstSession: sessionDate('1990-01-01') },
    catalogue: createCatalogue(house.database),
    codeVersion: 'test',
  });
  return { marketData, close: () => rm(folder, { recursive: true }) };
}

/** The sample after half of its symbols lost every other session of two years. */
function withoutEveryOtherSession(csv: string): string {
  return csv
    .split('\n')
    .filter((line, index) => index % 2 === 0 || !/^(AAPL|AMZN|META),20(18|19)-/.test(line))
    .join('\n');
}

/** A row of the sample (symbol, date, open, high, low, close, volume, adjusted) with another volume. */
function withOneMoreShare(row: string): string {
  const cells = row.split(',');
  return cells.with(6, String(Number(cells[6]) + 1)).join(',');
}
