import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { readPriceFile } from '#infra/fileDrop/priceFile.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-prices-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(...lines: readonly string[]): string {
  const file = path.join(folder, 'prices.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function pricesOf(file: string): Promise<Readonly<Record<string, readonly number[]>>> {
  return Object.fromEntries((await readPriceFile(file)).map(({ name, values }) => [name, [...values]]));
}

const long = ['2024-01-02,A,1', '2024-01-02,B,10', '2024-01-03,A,2', '2024-01-03,B,20'];
const read = { A: [1, 2], B: [10, 20] };

describe('readPriceFile', () => {
  it('reads a column of closes for each asset', async () => {
    expect(await pricesOf(fileOf('Date,A,B', '2024-01-03,2,20', '2024-01-02,1,10'))).toEqual(read);
  });

  it.each([
    ['date, symbol and close', 'date,symbol,close', long],
    [
      'other names and another order',
      'Ticker,Price,Date',
      long.map((line) => line.replace(/(.*),(.*),(.*)/, '$2,$3,$1')),
    ],
    [
      'rows that descend',
      'date,Name,close',
      long.toReversed().toSorted((a, b) => b.slice(0, 10).localeCompare(a.slice(0, 10))),
    ],
    ['one asset after the other', 'time,asset,last', long.toSorted((a, b) => a.slice(11).localeCompare(b.slice(11)))],
    ['a semicolon between cells', 'date;symbol;close', long.map((line) => line.replaceAll(',', ';'))],
  ])('reads a row for each time and symbol, with %s', async (_, header, lines) => {
    expect(await pricesOf(fileOf(header, ...lines))).toEqual(read);
  });

  it('reads both shapes from Parquet, and from compressed text', async () => {
    const [parquet, packed] = [path.join(folder, 'prices.parquet'), path.join(folder, 'prices.csv.gz')];
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const rows = `(VALUES ('2024-01-02', 'A', 1.0), ('2024-01-03', 'A', 2.0), ('2024-01-02', 'B', 10.0), ('2024-01-03', 'B', 20.0))`;
    await connection.run(`COPY (SELECT * FROM ${rows} AS rows(date, symbol, close)) TO '${parquet}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    expect(await pricesOf(parquet)).toEqual(read);
    writeFileSync(packed, gzipSync(['date,symbol,close', ...long].join('\n')));
    expect(await pricesOf(packed)).toEqual(read);
  });

  it('takes the adjusted close where there is one', async () => {
    const file = fileOf('date,symbol,close,Adj Close,split_ratio', '2024-01-02,A,9,3,1', '2024-01-03,A,5,4,2');
    expect(await pricesOf(file)).toEqual({ A: [3, 4] });
    expect(await pricesOf(fileOf('date,symbol,Adj Close', '2024-01-02,A,3'))).toEqual({ A: [3] });
  });

  it('puts dividends and splits back into raw closes', async () => {
    const file = fileOf(
      'session,symbol,close,dividend,split_ratio',
      '2024-01-02,A,100,0,1',
      // Two shares for one, each with a dollar of dividend: (50 + 1) * 2 = 102 of 100.
      '2024-01-03,A,50,1,2',
      '2024-01-04,A,55,0,1',
    );
    const { A } = await pricesOf(file);
    expect(A![1]! / A![0]!).toBeCloseTo(1.02, 14);
    expect(A![2]! / A![1]!).toBeCloseTo(1.1, 14);
  });

  it.each([
    ['a symbol without a price at a time', ['date,symbol,close', ...long.slice(0, 3)], /no price of B at 2024-01-03/],
    [
      'a symbol that comes later',
      ['date,symbol,close', ...long.slice(0, 1), ...long.slice(2)],
      /no price of B at 2024-01-02/,
    ],
    ['a row without a symbol', ['date,symbol,close', '2024-01-02,,1'], /a row without a symbol/],
    ['no times', ['symbol,close', 'A,1'], /no column of dates/],
    ['no closes', ['date,symbol,open', '2024-01-02,A,1'], /no column of closes/],
    ['bars of one asset', ['Date,Open,High,Low,Close,Volume', '2024-01-02,1,1,1,1,5'], /bars of one asset/],
  ])('refuses %s', async (_, lines, told) => {
    await expect(readPriceFile(fileOf(...lines))).rejects.toMatchObject({
      code: 'PORTFOLIO_INPUT_INVALID',
      message: expect.stringMatching(told) as string,
    });
  });

  it('refuses a time that stands twice for a symbol, and a file that is not there', async () => {
    await expect(readPriceFile(fileOf('date,symbol,close', long[0]!, long[0]!))).rejects.toMatchObject({
      code: 'BARS_UNREADABLE',
    });
    for (const name of ['none.csv', 'none.parquet']) {
      await expect(readPriceFile(path.join(folder, name))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    }
  });
});
