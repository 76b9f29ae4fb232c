import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { zipOf } from '#test/zipOf.ts';
import { plimsoll } from './commandLine.ts';

const depth = '../shared/data/order_book_l2/binance_spot_btcusdt/btcusdt_20240808.gz';
const ticks = '../shared/data/ticks_quotes/tick/ibm';
const trade = (atMs: number): string =>
  `{"conditions":["oddLot"],"exchange":"V","kind":"trade","price":10.5,"receivedMs":${atMs},"size":3,"symbol":"A","tradeId":"7","venueMs":${atMs}}`;

describe('a replay on the command line', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-replay-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, bytes: string | Buffer): string => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };

  test('tells what a capture held, by the digest of its lines', async () => {
    const lines = `${trade(1_000)}\n${trade(1_250.5)}\n`;
    const whole = write('whole', lines);
    const parts = [write('one', `${trade(1_000)}\n`), write('two.gz', gzipSync(`${trade(1_250.5)}\n`))];
    for (const files of [[whole], parts]) {
      const { exitCode, out } = await plimsoll(`data replay ${files.join(' ')} --speed 1000 --json`);
      expect(exitCode).toBe(0);
      expect(JSON.parse(out)).toMatchObject({
        format: 'capture',
        speed: 1000,
        events: 2,
        byKind: { trade: 2 },
        symbols: ['A'],
        firstMs: 1000,
        lastMs: 1250.5,
        digest: createHash('sha256').update(lines).digest('hex'),
      });
    }
  });

  test('merges archives of ticks by time, without those called suspicious', async () => {
    const trades = write(
      'trades.zip',
      zipOf('20131007_ibm_Trade_Tick.csv', '34200000,1815200,283,P,20002020,0\n34200002,1,1,P,0,1\n'),
    );
    const quotes = write(
      'quotes.zip',
      zipOf('20131007_ibm_Quote_Tick.csv', '34200000,0,0,1836300,100,Q,1,0\n34200001,1800100,300,0,0,P,1,0\n'),
    );
    const { out } = await plimsoll(`data replay ${trades} ${quotes} --json`);
    const atMs = Date.parse('2013-10-07T13:30:00Z');
    const expected = [
      `{"conditions":["intermarketSweep","extendedHours","tradeThroughExempt"],"exchange":"P","kind":"trade","price":181.52,"receivedMs":${atMs},"size":283,"symbol":"IBM","tradeId":null,"venueMs":${atMs}}\n`,
      `{"ask":183.63,"askSize":100,"bid":0,"bidSize":0,"exchange":"Q","kind":"quote","receivedMs":${atMs},"symbol":"IBM","updateId":null,"venueMs":${atMs}}\n`,
      `{"ask":0,"askSize":0,"bid":180.01,"bidSize":300,"exchange":"P","kind":"quote","receivedMs":${atMs + 1},"symbol":"IBM","updateId":null,"venueMs":${atMs + 1}}\n`,
    ];
    expect(JSON.parse(out)).toMatchObject({
      format: 'lean',
      byKind: { quote: 2, trade: 1 },
      digest: createHash('sha256').update(expected.join('')).digest('hex'),
    });
  });

  test('refuses layouts mixed, lines that are no event, other archives and other speeds', async () => {
    const capture = write('capture', `${trade(1)}\n{"kind":"trade"}\n`);
    const zip = write('bars.zip', zipOf('20131007_ibm_minute_trade.csv', '1,2,3,4,5,6\n'));
    const badTick = write('tick.zip', zipOf('20131007_ibm_Trade_Tick.csv', '1,2,3,P,0,0\n1,x,3,P,0,0\n'));
    const refusal = async (line: string): Promise<string> => (await plimsoll(`data replay ${line}`)).error;
    expect(await refusal(`${capture} ${zip}`)).toMatch(/^RECORDING_UNREADABLE: .*replay them apart/);
    expect(await refusal(capture)).toMatch(/^RECORDING_UNREADABLE: .*capture, line 2: its symbol is undefined/);
    expect(await refusal(zip)).toMatch(/^RECORDING_UNREADABLE: .*is no LEAN file of ticks/);
    expect(await refusal(badTick)).toMatch(/^RECORDING_UNREADABLE: .*tick.zip, line 2: it is no tick/);
    expect(await refusal(path.join(folder, 'missing'))).toMatch(/^FILE_UNREADABLE: /);
    expect(await refusal(`${capture} --speed 0`)).toMatch(/^COMMAND_UNKNOWN: .*a number over 0, or max/);
  });

  test.skipIf(!existsSync(depth))(`of ${depth} is the same twice, at any speed`, async () => {
    const runs = [];
    for (const speed of ['max', '100000']) {
      runs.push(JSON.parse((await plimsoll(`data replay ${depth} --speed ${speed} --json`)).out));
    }
    expect(runs[0]).toMatchObject({ events: 41_249, byKind: { depthSnapshot: 1 } });
    expect(runs[1].digest).toBe(runs[0].digest);
  });

  test.skipIf(!existsSync(ticks))(`of ${ticks} holds every tick but the suspicious one`, async () => {
    const files = ['trade', 'quote'].map((kind) => `${ticks}/20131007_${kind}.zip`).join(' ');
    const { out } = await plimsoll(`data replay ${files} --json`);
    expect(JSON.parse(out)).toMatchObject({ byKind: { trade: 24_293, quote: 109_066 } });
  });
});
