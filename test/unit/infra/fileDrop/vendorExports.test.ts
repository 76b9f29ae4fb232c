import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readBarFile } from '#infra/fileDrop/barFile.ts';
import { figureOfText } from '#infra/files/figureOfText.ts';
import { sessionOfText } from '#infra/files/sessionOfText.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-exports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const exports: readonly (readonly [string, readonly string[]])[] = [
  [
    'Nasdaq',
    [
      'Date,Close/Last,Volume,Open,High,Low',
      '01/03/2024,$1012.5,1300,$1010,$1013,$1009',
      '01/02/2024,$1010,1200,$1000,$1011,$999',
    ],
  ],
  [
    'Investing.com',
    [
      '"Date","Price","Open","High","Low","Vol.","Change %"',
      '"01/03/2024","1,012.50","1,010.00","1,013.00","1,009.00","1.30K","0.25%"',
      '"01/02/2024","1,010.00","1,000.00","1,011.00","999.00","1.20K","1.00%"',
    ],
  ],
  [
    'the Wall Street Journal',
    [
      'Date, Open, High, Low, Close, Volume',
      '01/03/24, 1010, 1013, 1009, 1012.5, 1300',
      '01/02/24, 1000, 1011, 999, 1010, 1200',
    ],
  ],
  [
    'Stooq, with its time in a column of its own',
    [
      '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>',
      'AAPL.US,D,20240102,000000,1000,1011,999,1010,1200,0',
      'AAPL.US,D,20240103,000000,1010,1013,1009,1012.5,1300,0',
    ],
  ],
  [
    'MetaTrader',
    [
      '<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOL>',
      '2024.01.02\t1000\t1011\t999\t1010\t1200',
      '2024.01.03\t1010\t1013\t1009\t1012.5\t1300',
    ],
  ],
];

describe('an export of', () => {
  it.each(exports)('%s is read', async (name, lines) => {
    const file = path.join(folder, `${name.replaceAll(/\W/g, '')}.csv`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    const { symbols } = await readBarFile(file);
    const { columns, stampMs } = symbols[0]!;
    expect(Object.fromEntries(Object.entries(columns).map(([field, figures]) => [field, [...figures]]))).toEqual({
      open: [1000, 1010],
      high: [1011, 1013],
      low: [999, 1009],
      close: [1010, 1012.5],
      volume: [1200, 1300],
    });
    expect(stampMs![1]! - stampMs![0]!).toBe(86_400_000);
  });

  it('days with times in a column of their own is read by both', async () => {
    const file = path.join(folder, 'times.csv');
    writeFileSync(file, 'Date,Time,Close\n20240102,09:30:00,1\n20240102,09:31:00,2\n');
    const { symbols } = await readBarFile(file);
    expect([...symbols[0]!.stampMs!]).toEqual([Date.parse('2024-01-02T14:30:00Z'), Date.parse('2024-01-02T14:31:00Z')]);
  });
});

describe('a figure written for people', () => {
  it.each([
    ['$1,234.50', 'price', 1_234.5],
    ['1.25M', 'whole', 1_250_000],
    ['12,345', 'whole', 12_345],
    ['1,234,567', 'price', 1_234_567],
    ['-', 'whole', Number.NaN],
    ['', 'price', Number.NaN],
  ] as const)('%s as a %s is read', (text, kind, figure) => expect(figureOfText(text, kind)).toEqual(figure));

  it.each(['1,234', 'ten', '1.2.3', '12,34.5', '5 %', 'n/a'])('%s as a price is refused', (text) =>
    expect(figureOfText(text, 'price')).toBeUndefined(),
  );

  it('has dates of two digits in this century until 2060', () =>
    expect(['1/2/24', '12/31/99', '2024.01.02', '2024.0102'].map(sessionOfText)).toEqual([
      '2024-01-02',
      '1999-12-31',
      '2024-01-02',
      undefined,
    ]));
});
