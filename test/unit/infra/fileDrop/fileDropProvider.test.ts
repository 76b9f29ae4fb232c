import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchDailyBars } from '#activities/fetchDailyBars.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createFileDropProvider } from '#infra/fileDrop/fileDropProvider.ts';
import { zipOf } from '#test/zipOf.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-drop-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const header = 'symbol,session,open,high,low,close,volume,dividend,split_ratio';
const row = (symbol: string, session: string, close: number): string =>
  `${symbol},${session},${close},${close},${close},${close},100,0,1`;
const drop = (name: string, lines: readonly string[]): void =>
  writeFileSync(path.join(folder, name), `${[header, ...lines].join('\n')}\n`);
const range = { from: sessionDate('2024-01-02'), to: sessionDate('2024-01-03') };
const asked = { symbols: ['A', 'B'], range, timeframe: '1Day' } as const;

describe('a file drop', () => {
  test('answers the range that is asked for, in the order of the file, doubles included', async () => {
    drop('bars.csv', [
      row('A', '2024-01-03', 2),
      row('A', '2024-01-02', 1).replace(/0,1$/, '0.5,2'),
      row('A', '2024-01-02', 1),
      row('A', '2024-01-04', 9),
    ]);
    const answer = await createFileDropProvider({ folder, format: 'plimsoll' }).historicalBars!(asked);
    expect(answer).toMatchObject({ kind: 'daily', scale: 'raw', withoutBars: ['B'] });
    const [bars] = answer.bars;
    expect(bars).toMatchObject({ symbol: 'A', sessions: ['2024-01-03', '2024-01-02', '2024-01-02'] });
    expect(bars).toMatchObject({ close: Float64Array.of(2, 1, 1), actions: { splitRatio: Float64Array.of(1, 2, 1) } });
  });

  test('is read anew when a file came', async () => {
    const provider = createFileDropProvider({ folder, format: 'plimsoll' });
    drop('a.csv', [row('A', '2024-01-02', 1)]);
    expect((await provider.historicalBars!(asked)).withoutBars).toEqual(['B']);
    drop('b.csv', [row('B', '2024-01-02', 5)]);
    expect((await provider.historicalBars!(asked)).withoutBars).toEqual([]);
    expect((await provider.instruments!()).map(({ symbol }) => symbol)).toEqual(['A', 'B']);
  });

  test('carries a whole universe through the ingest, a symbol of it as benchmark', async () => {
    drop('bars.csv', [row('A', '2024-01-02', 1), row('SPY', '2024-01-02', 400), row('SPY', '2024-01-03', 404)]);
    const universe = { symbols: ['A'], benchmarkSymbol: 'SPY', firstSession: range.from };
    const { bars, benchmark } = await fetchDailyBars(createFileDropProvider({ folder, format: 'plimsoll' }), universe, {
      range,
    });
    expect(bars.map(({ symbol }) => symbol)).toEqual(['A']);
    expect(benchmark.close[1]! / benchmark.close[0]!).toBeCloseTo(1.01, 12);
  });

  test('reads folders of LEAN', async () => {
    for (const name of ['map_files', 'daily']) mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, 'map_files/a.csv'), '20200102,a,Q\n20501231,a,Q\n');
    const bar = '20240102 00:00,10000,10000,10000,10000,7\n';
    writeFileSync(path.join(folder, 'daily/a.zip'), zipOf('a.csv', bar));
    const answer = await createFileDropProvider({ folder, format: 'lean' }).historicalBars!(asked);
    expect(answer.bars).toMatchObject([{ symbol: 'A', sessions: ['2024-01-02'], close: Float64Array.of(1) }]);
  });

  test.each([
    ['a row without a date', () => drop('bars.csv', [row('A', 'yesterday', 1)]), /bars\.csv, line 2/],
    ['an error saved as data', () => writeFileSync(path.join(folder, 'bars.csv'), 'Note: the limit is 5\n'), /lacks/],
  ])('refuses %s, naming the place (PROVIDER_ANSWER_UNREADABLE)', async (_, write, place) => {
    drop('good.csv', [row('B', '2024-01-02', 1)]);
    write();
    const answer = createFileDropProvider({ folder, format: 'plimsoll' }).historicalBars!(asked);
    await expect(answer).rejects.toMatchObject({ code: 'PROVIDER_ANSWER_UNREADABLE' });
    await expect(answer).rejects.toThrow(place);
  });

  test('has daily bars only, and says which folder is not there', async () => {
    const provider = createFileDropProvider({ folder, format: 'plimsoll' });
    drop('bars.csv', [row('A', '2024-01-02', 1)]);
    const minutes = provider.historicalBars!({ ...asked, timeframe: '1Min' });
    await expect(minutes).rejects.toMatchObject({ code: 'PROVIDER_CAPABILITY_MISSING' });
    const nowhere = createFileDropProvider({ folder: path.join(folder, 'nowhere'), format: 'plimsoll' });
    await expect(nowhere.historicalBars!(asked)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
