import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { CaptureWriter, captureRules } from '#infra/capture/captureWriter.ts';
import { uploadSegments } from '#infra/capture/uploadSegments.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { parquetTables } from '#infra/parquet/parquetTables.ts';
import { createTradingStatuses } from '#infra/postgres/tradingStatuses.ts';
import { addressesFile } from '#infra/stack/addresses.ts';
import { writePrivate } from '#infra/stack/homeState.ts';
import { alpacaDialect, alpacaTrade } from '#test/fakes/alpacaDialect.ts';
import { startFakeVendor, type FakeVendor } from '#test/fakes/fakeVendor.ts';
import { plimsoll } from '#test/unit/console/commandLine.ts';
import { createTemporaryDatabase } from '../postgres/temporaryDatabase.ts';

let folder: string;
let vendor: FakeVendor;
const environment = { APCA_API_KEY_ID: 'key', APCA_API_SECRET_KEY: 'secret' };
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-capture-'));
  vendor = await startFakeVendor(alpacaDialect('secret'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await vendor.stop();
});

test('a captured feed is stored under the digest of its events, and replays the same from disk and from the store', async () => {
  let stop: (signal: 'SIGTERM') => void = () => undefined;
  const stopped = new Promise<'SIGTERM'>((resolve) => {
    stop = resolve;
  });
  const captures = path.join(folder, 'captures');
  const line = `data capture --provider alpaca --url ${vendor.url} --symbols AAPL --kinds trades --folder ${captures} --json`;
  const capturing = plimsoll(line, { environment, stopped });
  await vi.waitFor(() => expect(vendor.subscribers).toBe(1), { timeout: 20_000 });
  const beganMs = Date.now();
  for (let id = 1; id <= 50; id += 1) vendor.publish(alpacaTrade(id, { atMs: beganMs + id }));
  const segment = path.join(captures, 'segment-00000001.jsonl');
  await vi.waitFor(() => expect(readFileSync(segment, 'utf8').split('\n')).toHaveLength(51), { timeout: 20_000 });
  stop('SIGTERM');
  const { exitCode, out } = await capturing;
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ events: 50, late: 0, lost: 0, byKind: { trade: 50 }, stored: [] });
  expect(readFileSync(path.join(captures, 'notices.jsonl'), 'utf8')).toContain('"state":"live"');

  const digestOf = async (file: string): Promise<{ digest: string; events: number }> =>
    JSON.parse((await plimsoll(`data replay ${file} --json`)).out);
  const onDisk = await digestOf(segment);
  const writer = await CaptureWriter.open(captures, captureRules);
  await writer.close('finish');
  const objects = await openObjectStore({ ...inject('stack').objects, bucket: `captures-${process.pid}` });
  const request = { segments: await writer.finished(), feed: 'alpaca-iex', objects, tables: parquetTables };
  const [stored] = await uploadSegments(request);
  expect(stored).toMatchObject({
    digest: onDisk.digest,
    events: 50,
    key: `captures/alpaca-iex/${onDisk.digest}.parquet`,
  });
  // On the disk only the segment stays that comes next.
  expect(readdirSync(captures).sort()).toEqual(['notices.jsonl', 'segment-00000002.jsonl']);
  const fetched = path.join(folder, 'fetched.parquet');
  writeFileSync(fetched, await objects.get(stored!.key));
  expect(await digestOf(fetched)).toMatchObject({ format: 'stored', events: 50, digest: onDisk.digest });
});

test('halts and pauses of a captured feed are published to where every order is held against them', async () => {
  const exchange = await startFakeVendor(alpacaDialect('secret'));
  const temporary = await createTemporaryDatabase(inject('stack').postgres.url);
  const home = path.join(folder, 'home');
  mkdirSync(home);
  await writePrivate(addressesFile(home), { ...inject('stack'), postgres: { url: temporary.url } });
  let stop: (signal: 'SIGTERM') => void = () => undefined;
  const stopped = new Promise<'SIGTERM'>((resolve) => {
    stop = resolve;
  });
  const place = `--folder ${path.join(folder, 'halts')} --publish`;
  const line = `data capture --provider alpaca --url ${exchange.url} --symbols AAPL --kinds trades ${place} --json`;
  const given = { ...environment, PLIMSOLL_STACK__HOME_DIRECTORY: home };
  const capturing = plimsoll(line, { environment: given, stopped });
  await vi.waitFor(() => expect(exchange.subscribers).toBe(1), { timeout: 20_000 });
  const saidMs = Date.now();
  exchange.publish({
    T: 's',
    S: 'AAPL',
    sc: 'H',
    sm: 'Trading Halt',
    rc: 'T1',
    t: new Date(saidMs).toISOString(),
    z: 'C',
  });
  const statuses = createTradingStatuses(temporary.database);
  await vi.waitFor(
    async () =>
      expect(await statuses.halted()).toEqual([
        { symbol: 'AAPL', status: 'halted', reason: 'T1', saidMs, saidBy: 'alpaca' },
      ]),
    { timeout: 20_000 },
  );
  stop('SIGTERM');
  expect((await capturing).exitCode).toBe(0);
  await temporary.drop();
  await exchange.stop();
});

test('a capture without a key, with a wrong one, or of no symbol is refused', async () => {
  const refusal = async (options: string, given: Record<string, string>): Promise<string> =>
    (await plimsoll(`data capture --folder ${path.join(folder, 'other')} ${options}`, { environment: given })).error;
  const alpaca = `--provider alpaca --url ${vendor.url} --symbols AAPL`;
  expect(await refusal(alpaca, {})).toMatch(/^FEED_KEY_MISSING: .*APCA_API_KEY_ID/);
  expect(await refusal('--provider massive --symbols AAPL', environment)).toMatch(
    /^FEED_KEY_MISSING: .*MASSIVE_API_KEY/,
  );
  expect(await refusal(alpaca, { ...environment, APCA_API_SECRET_KEY: 'wrong' })).toMatch(/FEED_REFUSED: .*402/);
  expect(await refusal(`--provider alpaca --symbols AAPL,,`, environment)).toMatch(/^COMMAND_UNKNOWN: .*AAPL,MSFT/);
  expect(await refusal(`${alpaca} --kinds depth`, environment)).toMatch(/^FEED_REFUSED: alpaca-iex carries no depth/);
  expect(await refusal(`${alpaca} --kinds news`, environment)).toMatch(/^COMMAND_UNKNOWN: .*trades,quotes,bars,depth/);
  expect(await refusal(`${alpaca} --metrics-port 70000`, environment)).toMatch(/^COMMAND_UNKNOWN: .*65535/);
});
