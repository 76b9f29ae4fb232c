import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MarketDataProvider, SessionRange } from '#activities/ports/marketDataProvider.ts';
import type { DailyBars } from '#domain/bars.ts';
import { isFailure } from '#domain/failure.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { packagedIndexPath, readIndexCloses } from '#infra/sample/sampleFiles.ts';
import { createSampleProvider } from '#infra/sample/sampleProvider.ts';

const day = (number: number): ReturnType<typeof sessionDate> => sessionDate(`2020-04-${number}`);
const stocks = `symbol,date,open,high,low,close,volume,adjusted
B,2020-04-16,10,11,9,10,100,10
B,2020-04-17,10,11,9,10,100,10
B,2020-04-20,10,12,9,12,100,12
B,2020-04-21,12,12,6,6,100,6
A,2020-04-17,20,21,19,20,100.5,20
A,2020-04-16,20,21,19,20,,20
A,2020-04-20,20,21,19,20,100,20
A,2020-04-21,20,21,19,20,100,20
`;
const index = `date,open,close
2020-04-16,1,2800
2020-04-17,1,2900
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-sample-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function provider(stocksText = stocks): Promise<MarketDataProvider> {
  const stocksPath = join(folder, 'stocks.csv');
  const indexPath = join(folder, 'index.csv');
  await Promise.all([writeFile(stocksPath, stocksText), writeFile(indexPath, index)]);
  return createSampleProvider({ stocksPath, indexPath });
}

const daily = async (
  sample: MarketDataProvider,
  range: SessionRange,
  symbols: readonly string[] = ['A', 'B'],
): Promise<readonly DailyBars[]> => {
  const answer = await sample.historicalBars!({ symbols, range, timeframe: '1Day' });
  return answer.kind === 'daily' ? answer.bars : [];
};

describe('bars', () => {
  test('come by symbol, oldest first, as the vendor said, an empty cell as NaN', async () => {
    const [first, second] = await daily(await provider(), { from: day(16), to: day(17) });
    expect([first?.symbol, second?.symbol]).toEqual(['A', 'B']);
    expect(first?.sessions).toEqual(['2020-04-16', '2020-04-17']);
    expect([...(first?.volume ?? [])]).toEqual([Number.NaN, 100.5]);
  });

  test('never come from a session later than asked for', async () => {
    const sample = await provider();
    const bars = await daily(sample, { from: day(17), to: day(20) });
    expect(bars.map(({ sessions, close }) => [sessions.at(-1), close.length])).toEqual([
      ['2020-04-20', 2],
      ['2020-04-20', 2],
    ]);
    expect(await sample.instruments!()).toMatchObject([{ symbol: 'A' }, { symbol: 'B' }]);
  });

  test('of a symbol that has none are named, not left out in silence; lengths within a session are refused', async () => {
    const sample = await provider();
    const request = { symbols: ['B', 'C'], range: { from: day(16), to: day(17) } };
    expect(await sample.historicalBars!({ ...request, timeframe: '1Day' })).toMatchObject({
      scale: 'splitAdjusted',
      withoutBars: ['C'],
      bars: [{ symbol: 'B' }],
    });
    expect(
      await sample.historicalBars!({ ...request, range: { from: day(22), to: day(16) }, timeframe: '1Day' }),
    ).toMatchObject({
      withoutBars: ['B', 'C'],
      bars: [],
    });
    await expect(sample.historicalBars!({ ...request, timeframe: '1Min' })).rejects.toMatchObject({
      code: 'PROVIDER_CAPABILITY_MISSING',
    });
  });
});

describe('the benchmark', () => {
  test('is the index while it lasts, then the equally weighted symbols on its last level', async () => {
    const { sessions, close, source } = await (await provider()).benchmark!({ from: day(16), to: day(21) });
    expect(sessions).toEqual(['2020-04-16', '2020-04-17', '2020-04-20', '2020-04-21']);
    expect(source).toEqual(['SP500', 'SP500', 'EQUAL-WEIGHT', 'EQUAL-WEIGHT']);
    // B gains 20 percent and A nothing; then B loses half and A nothing.
    expect(close[2]).toBeCloseTo(2900 * 1.1, 9);
    expect(close[3]).toBeCloseTo(2900 * 1.1 * 0.75, 9);
  });

  test('has the same level whatever the range that was asked for', async () => {
    const sample = await provider();
    const whole = await sample.benchmark!({ from: day(16), to: day(21) });
    const last = await sample.benchmark!({ from: day(21), to: day(21) });
    expect(last).toEqual({ sessions: ['2020-04-21'], close: whole.close.slice(3), source: ['EQUAL-WEIGHT'] });
  });

  test('has its packaged file, which ends on 2020-04-17', async () => {
    const closes = await readIndexCloses(packagedIndexPath());
    expect([...closes.keys()].at(-1)).toBe('2020-04-17');
    expect(closes.get(sessionDate('2020-03-16'))).toBeCloseTo(2386.13, 2);
  });
});

describe('SAMPLE_DATA_UNREADABLE', () => {
  test.each([
    ['a day that does not exist', stocks.replace('2020-04-21', '2020-04-31'), 'line 5'],
    ['a figure that is none', stocks.replace('100.5', 'many'), 'line 6'],
    ['a missing column', stocks.replace('volume', 'size'), 'volume'],
    ['a row without a symbol', stocks.replace('B,2020-04-17', ',2020-04-17'), 'line 3'],
  ])('%s is named', async (_, text, named) => {
    const error: unknown = await (await provider(text)).instruments!().catch((reason: unknown) => reason);
    expect(isFailure(error) && error.code).toBe('SAMPLE_DATA_UNREADABLE');
    expect(String(error)).toContain(named);
  });

  test('a file that is provisioned after the first question is found by the next', async () => {
    const stocksPath = join(folder, 'later.csv');
    const sample = createSampleProvider({ stocksPath });
    await expect(sample.instruments!()).rejects.toThrow('cannot be read');
    await writeFile(stocksPath, stocks);
    expect(await sample.instruments!()).toHaveLength(2);
  });
});
