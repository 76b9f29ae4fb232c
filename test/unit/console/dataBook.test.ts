import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plimsoll } from './commandLine.ts';

const recorded = '../shared/data/order_book_l2/binance_spot_btcusdt/btcusdt_20240808.gz';
const update = (first: number, last: number, bid: string): string =>
  `1723161253937085768 {"stream":"x@depth","data":{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":${first},"u":${last},"b":[["${bid}","2.50"]],"a":[]}}`;
const snapshot =
  '1723161253937085999 {"lastUpdateId":10,"bids":[["61837.63000000","3.78826000"]],"asks":[["61837.64000000","1.5"]]}';
const ticker = (updateId: number, bid: string): string =>
  `1723161254087891268 {"stream":"x@bookTicker","data":{"u":${updateId},"s":"BTCUSDT","b":"${bid}","B":"2.50","a":"61837.64","A":"1.50"}}`;

describe('a book rebuilt on the command line', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-book-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, lines: readonly string[]): string => {
    const file = path.join(folder, name);
    const text = `${lines.join('\n')}\n`;
    writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
    return file;
  };

  test('tells the best bid and ask after each update, over files plain and compressed', async () => {
    const one = write('one.gz', [update(9, 9, '1.00'), snapshot, update(11, 12, '61837.635')]);
    const two = write('two', [ticker(13, '61837.636'), update(13, 13, '61837.636'), ticker(12, '61837.63')]);
    const { exitCode, out } = await plimsoll(`data book ${one} ${two} --json`);
    expect(exitCode).toBe(0);
    const ask = { ask: 61837.64, askSize: 1.5 };
    expect(JSON.parse(out)).toEqual({
      files: [one, two],
      events: 6,
      snapshots: 1,
      updatesApplied: 2,
      updatesStale: 1,
      gaps: 0,
      quotesCompared: 2,
      quotesAgreeing: 1,
      updates: [
        { symbol: 'BTCUSDT', updateId: 10, bid: 61837.63, bidSize: 3.78826, ...ask },
        { symbol: 'BTCUSDT', updateId: 12, bid: 61837.635, bidSize: 2.5, ...ask },
        { symbol: 'BTCUSDT', updateId: 13, bid: 61837.636, bidSize: 2.5, ...ask },
      ],
    });
  });

  test('counts a gap and gives no prices after it until another snapshot', async () => {
    const file = write('gap', [update(9, 9, '1'), snapshot, update(12, 12, '2')]);
    const { out } = await plimsoll(`data book ${file} --json`);
    expect(JSON.parse(out)).toMatchObject({ gaps: 1, updatesApplied: 0, updates: [{ updateId: 10 }] });
  });

  test.each([
    ['no stamp', '{"lastUpdateId":1}'],
    ['broken JSON', '1723161253937085768 {"stream":'],
    ['a price that is none', update(1, 1, 'abc')],
    ['an empty price', update(1, 1, '')],
    ['a message of another kind', '1723161253937085768 {"data":{"e":"kline"}}'],
    ['a snapshot of an unknown symbol', snapshot],
  ])('refuses %s by file and line', async (_, text) => {
    const { exitCode, error } = await plimsoll(`data book ${write('bad', ['', text])}`);
    expect(exitCode).toBe(1);
    expect(error).toMatch(/^RECORDING_UNREADABLE: .*bad, line 2: /);
  });

  test('refuses files that are missing or damaged', async () => {
    const damaged = path.join(folder, 'damaged.gz');
    writeFileSync(damaged, gzipSync(`${snapshot}\n`.repeat(50)).subarray(0, 60));
    for (const file of [damaged, path.join(folder, 'missing')]) {
      expect((await plimsoll(`data book ${file}`)).error).toMatch(/^FILE_UNREADABLE: /);
    }
  });

  test.skipIf(!existsSync(recorded))(`agrees with every common quote of ${recorded}, without a gap`, async () => {
    const { out } = await plimsoll(`data book ${recorded} --json`);
    expect(JSON.parse(out)).toMatchObject({ updatesApplied: 3449, gaps: 0, quotesCompared: 564, quotesAgreeing: 564 });
  });
});
