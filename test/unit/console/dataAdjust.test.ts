import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessionsBetween } from '#domain/calendar.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { plimsoll } from './commandLine.ts';

const recorded = '../shared/data/daily_us_sp500';
const sessions = sessionsBetween(sessionDate('2023-01-03'), sessionDate('2023-06-30'));
const [splitRow, dividendRow] = [30, 60];

interface AdjustValue {
  readonly differences: readonly { readonly rule: string; readonly symbol: string; readonly session: string }[];
  readonly quarantined: readonly string[];
  readonly symbols: readonly {
    readonly symbol: string;
    readonly rows: number;
    readonly sessions: readonly string[];
    readonly adjustedClose: readonly number[];
  }[];
}

describe('data adjust', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-adjust-'));
    // 200 before a two-for-one split, 100 after it, and 99 from the ex-date of a dividend of 1 on: nothing was earned.
    const price = (row: number): number => (row < splitRow ? 200 : row < dividendRow ? 100 : 99) + (row % 2) * 0.0625;
    const lines = sessions.map((session, row) => {
      const close = price(row);
      const actions = `${row === dividendRow ? 1 : 0},${row === splitRow ? 2 : 1}`;
      return `AAA,${session},${close},${close},${close},${close},1000,${actions}`;
    });
    const header = 'symbol,session,open,high,low,close,volume,dividend,split_ratio';
    writeFileSync(path.join(folder, 'bars.csv'), [header, ...lines, ''].join('\n'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const adjust = async (options = ''): Promise<AdjustValue> => {
    const { out, error } = await plimsoll(`data adjust ${folder}/bars.csv ${options} --json`);
    expect(error).toBe('');
    return JSON.parse(out) as AdjustValue;
  };

  it('takes later splits and dividends back from the last session backward', async () => {
    const { symbols, differences } = await adjust();
    const [bars] = symbols;
    expect(differences).toEqual([]);
    expect(bars?.adjustedClose.at(-1)).toBe(99 + ((sessions.length - 1) % 2) * 0.0625);
    expect(bars?.adjustedClose[splitRow]).toBeCloseTo(99, 1);
    expect(bars?.adjustedClose[0]).toBeCloseTo(99, 1);
  });

  it('knows of no split or dividend after the session it is asked about', async () => {
    const known = async (row: number): Promise<readonly number[]> =>
      (await adjust(`--as-of ${sessions[row]}`)).symbols[0]!.adjustedClose;
    expect((await known(splitRow - 1))[0]).toBe(200);
    expect((await known(splitRow))[0]).toBe(100);
    expect((await known(dividendRow - 1)).at(-1)).toBe(100 + ((dividendRow - 1) % 2) * 0.0625);
    expect((await known(dividendRow))[0]).toBeCloseTo(99, 1);
  });

  it('writes all four prices on the scale of the adjusted close, and the volume as it was', async () => {
    const output = path.join(folder, 'adjusted.csv');
    const { symbols } = await adjust(`--output ${output}`);
    expect(symbols).toEqual([
      { symbol: 'AAA', rows: sessions.length, firstSession: sessions[0], lastSession: sessions.at(-1) },
    ]);
    const [header, first] = readFileSync(output, 'utf8').split('\n');
    expect(header).toBe('symbol,session,open,high,low,close,volume');
    const [symbol, session, ...figures] = first!.split(',');
    expect([symbol, session, figures[4]]).toEqual(['AAA', sessions[0], '1000']);
    expect(new Set(figures.slice(0, 4)).size).toBe(1);
    expect(Number(figures[0])).toBeCloseTo(99, 1);
  });

  it('refuses a day in the past where splits and dividends are not told', async () => {
    writeFileSync(path.join(folder, 'BBB.csv'), 'Date,Open,High,Low,Close,Adj Close,Volume\n2023-01-03,1,1,1,1,1,1\n');
    const { error } = await plimsoll(`data adjust ${folder}/BBB.csv --format yahoo --as-of 2023-01-03`);
    expect(error).toMatch(/^ACTIONS_MISSING: BBB/);
  });

  it.skipIf(!existsSync(recorded))(`names where the vendor of ${recorded} adjusted otherwise`, async () => {
    const { out } = await plimsoll(`data adjust ${recorded} --format pooksoft --output ${folder}/out.parquet --json`);
    const value = JSON.parse(out) as AdjustValue;
    const apart = value.differences.filter(({ rule }) => rule === 'adjustmentMismatch');
    expect(apart.map(({ symbol, session }) => [symbol, session])).toEqual([['SO', '2001-04-03']]);
    expect([value.symbols.length, value.quarantined]).toEqual([61, ['BF.B']]);
    const { out: text } = await plimsoll(`data adjust ${recorded}/DA-SO-T-2021-04-21.csv --format pooksoft`);
    expect(text).toMatch(/adjustmentMismatch +SO +2001-04-03 +repaired/);
  });
});
