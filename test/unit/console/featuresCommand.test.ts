import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parquetTables } from '#infra/parquet/parquetTables.ts';
import { plimsoll, type Outcome } from './commandLine.ts';

interface Listed {
  readonly indicators: readonly {
    readonly name: string;
    readonly inputs: readonly string[];
    readonly parameters: readonly object[];
    readonly outputs: readonly string[];
    readonly warmUp: number;
  }[];
}

describe('features list', () => {
  it('tells inputs, parameters with defaults and ranges, outputs and warm-up of 78 indicators', async () => {
    const { out } = await plimsoll('features list --json');
    const { indicators } = JSON.parse(out) as Listed;
    expect(indicators).toHaveLength(78);
    expect(indicators.find(({ name }) => name === 'MACD')).toEqual({
      name: 'MACD',
      title: 'Moving average convergence and divergence',
      family: 'momentum',
      inputs: ['close'],
      parameters: [
        { name: 'fastperiod', kind: 'whole', default: 12, min: 2, max: 100_000 },
        { name: 'slowperiod', kind: 'whole', default: 26, min: 2, max: 100_000 },
        { name: 'signalperiod', kind: 'whole', default: 9, min: 1, max: 100_000 },
      ],
      outputs: ['macd', 'macdsignal', 'macdhist'],
      warmUp: 33,
    });
  });

  it('shows each as it is written', async () => {
    const { out } = await plimsoll('features list');
    expect(out).toMatch(/^MACD\(12,26,9\) +Moving average convergence and divergence +close +/m);
    expect(out).toMatch(/^OBV +On-balance volume/m);
  });
});

describe('features compute', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-features-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const csv = (rows: readonly string[], name = 'bars.csv'): string => file(name, `${rows.join('\n')}\n`);
  const compute = (input: string, indicators: string, output = 'out.csv'): Promise<Outcome> =>
    plimsoll(
      `features compute --input ${input} --indicators ${indicators} --output ${path.join(folder, output)} --json`,
    );
  const written = (name = 'out.csv'): string => readFileSync(path.join(folder, name), 'utf8');
  const refusal = async (input: string, indicators: string): Promise<{ code: string; message: string }> => {
    const { exitCode, error } = await compute(input, indicators);
    expect(exitCode).not.toBe(0);
    return (JSON.parse(error) as { error: { code: string; message: string } }).error;
  };

  it('writes what it computed beside the times, empty while it warms up', async () => {
    const input = csv(['Date,Close,Volume', '2024-01-02,1,10', '2024-01-03,2,10', '2024-01-04,6,20']);
    const { exitCode, out } = await compute(input, 'SMA(2),OBV,ROCP(timeperiod=1)');
    expect(exitCode).toBe(0);
    expect(written()).toBe('Date,SMA_2,OBV,ROCP_1\n2024-01-02,,10,\n2024-01-03,1.5,20,1\n2024-01-04,4,40,2\n');
    expect(JSON.parse(out)).toMatchObject({
      rows: 3,
      symbols: 1,
      indicators: [
        { name: 'SMA', parameters: { timeperiod: 2 }, columns: ['SMA_2'], warmUp: 1, values: [2] },
        { name: 'OBV', columns: ['OBV'], values: [3] },
        { name: 'ROCP', columns: ['ROCP_1'], values: [2] },
      ],
    });
  });

  it('gives the same bytes for the same bars, twice', async () => {
    const rows = Array.from({ length: 60 }, (_, row) => `${1_704_067_200 + row * 86_400},${50 + Math.sin(row)}`);
    const input = csv(['time,close', ...rows]);
    await compute(input, 'RSI(14),MACD(12,26,9),BBANDS(nbdevup=3)');
    const first = written();
    await compute(input, 'RSI(14),MACD(12,26,9),BBANDS(nbdevup=3)');
    expect(written()).toBe(first);
    expect(first.split('\n')[0]).toBe(
      'time,RSI_14,MACD_12_26_9_macd,MACD_12_26_9_macdsignal,MACD_12_26_9_macdhist,' +
        'BBANDS_20_3_2_upperband,BBANDS_20_3_2_middleband,BBANDS_20_3_2_lowerband',
    );
  });

  it.each([
    ['Yahoo', 'Date,Open,High,Low,Close,Adj Close,Volume', '2024-01-02,1,4,1,2,2,10', '2024-01-03,2,6,2,3,3,10'],
    [
      'Alpha Vantage, latest first',
      'timestamp,open,high,low,close,volume',
      '2024-01-03,2,6,2,3,10',
      '2024-01-02,1,4,1,2,10',
    ],
    ['CRSP', 'TICKER,date,OPENPRC,ASKHI,BIDLO,PRC,VOL', 'IBM,20240102,1,4,1,2,10', 'IBM,20240103,2,6,2,3,10'],
    ['Bloomberg', 'Dates;PX_OPEN;PX_HIGH;PX_LOW;PX_LAST;PX_VOLUME', '1/2/2024;1;4;1;2;10', '1/3/2024;2;6;2;3;10'],
    [
      'MetaTrader',
      '<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOL>',
      '20240102\t1\t4\t1\t2\t10',
      '20240103\t2\t6\t2\t3\t10',
    ],
    ['minutes with a zone', 'Datetime,O,H,L,C,V', '2024-01-02T14:30:00Z,1,4,1,2,10', '2024-01-02T14:31:00Z,2,6,2,3,10'],
    ['rows without times', 'high,low', '4,1', '6,2'],
  ])('knows the header of %s', async (_, ...rows) => {
    const { exitCode, error } = await compute(csv(rows), 'DONCHIAN(2)');
    expect(error).toBe('');
    expect(exitCode).toBe(0);
    const lines = written().trim().split('\n');
    expect(lines[1]!.endsWith(',,') && !lines[1]!.includes('6')).toBe(true);
    expect(lines[2]!.endsWith('6,3.5,1')).toBe(true);
  });

  it('keeps symbols apart', async () => {
    const rows = ['A,2024-01-02,1', 'B,2024-01-02,10', 'A,2024-01-03,3', 'B,2024-01-03,30'];
    await compute(csv(['symbol,session,close', ...rows]), 'SMA(2)');
    expect(written()).toBe('symbol,session,SMA_2\nA,2024-01-02,\nA,2024-01-03,2\nB,2024-01-02,\nB,2024-01-03,20\n');
  });

  it('reads and writes Parquet, and reads gzip', async () => {
    const table = await parquetTables.encode([
      { name: 'session', type: 'text', values: ['2024-01-02', '2024-01-03'] },
      { name: 'close', type: 'double', values: Float64Array.of(1, 3) },
    ]);
    await compute(file('bars.parquet', table), 'SMA(2)', 'out.parquet');
    expect(await parquetTables.decode(readFileSync(path.join(folder, 'out.parquet')))).toEqual([
      { name: 'session', type: 'text', values: ['2024-01-02', '2024-01-03'] },
      { name: 'SMA_2', type: 'double', values: Float64Array.of(Number.NaN, 2) },
    ]);
    await compute(file('bars.csv.gz', gzipSync('date,close\n2024-01-02,1\n2024-01-03,3\n')), 'SMA(2)');
    expect(written()).toBe('date,SMA_2\n2024-01-02,\n2024-01-03,2\n');
  });

  it('takes an empty cell for a hole, after which an indicator begins anew', async () => {
    await compute(csv(['close', '1', '2', '""', '4', '5']), 'SMA(2)');
    expect(written()).toBe('SMA_2\n\n1.5\n\n\n4.5\n');
  });

  it('of fewer bars than the warm-up is empty, and says so', async () => {
    const { out } = await compute(csv(['close', '1', '2']), 'SMA(200)');
    expect(JSON.parse(out)).toMatchObject({ rows: 2, indicators: [{ warmUp: 199, values: [0] }] });
  });

  it.each([
    [
      'a cell that is no figure',
      ['date,close', '2024-01-02,1', '', '2024-01-03,n/a'],
      'line 4: column close holds no figure',
    ],
    ['a cell that is no time', ['date,close', 'yesterday,1'], 'line 2: column date holds no time: "yesterday"'],
    ['a time twice', ['date,close', '2024-01-02,1', '2024-01-02,1'], 'line 3: column date repeats a time'],
    ['disorder', ['date,close', '2024-01-02,1', '2024-01-04,1', '2024-01-03,1'], 'line 4: column date'],
    ['a cell too many', ['date,close', '2024-01-02,1,2'], 'line 2: it has not 2 cells'],
    ['no column of bars', ['name,size', 'a,1'], 'line 1: no column is open, high, low, close or volume: name, size'],
  ])('names line and column of %s', async (_, rows, message) => {
    const { code, message: told } = await refusal(csv(rows), 'SMA(2)');
    expect(code).toBe('BARS_UNREADABLE');
    expect(told).toContain(message);
  });

  it('names the row of a Parquet file that holds no figure', async () => {
    const table = await parquetTables.encode([{ name: 'close', type: 'text', values: ['1', 'x', '3'] }]);
    const { code, message } = await refusal(file('bars.parquet', table), 'SMA(2)');
    expect(code).toBe('BARS_UNREADABLE');
    expect(message).toContain('line 2: column close holds no figure');
  });

  it.each([
    ['NOSUCH(3)', 'INDICATOR_UNKNOWN', 'no indicator "NOSUCH"'],
    ['SMA(2),', 'INDICATOR_UNKNOWN', 'from character 8 on'],
    ['SMA(2)EMA(2)', 'INDICATOR_UNKNOWN', 'from character 1 on'],
    ['SMA(2),sma(2)', 'INDICATOR_UNKNOWN', 'SMA_2 is chosen twice'],
    ['SMA(0)', 'INDICATOR_PARAMETERS_INVALID', 'timeperiod must be a whole number from 1 to 100000, not 0'],
    ['SMA(2,3)', 'INDICATOR_PARAMETERS_INVALID', 'it takes 1 parameters: timeperiod'],
    ['SMA(two)', 'INDICATOR_PARAMETERS_INVALID', '"two" is no number'],
    ['SMA(1e3)', 'INDICATOR_PARAMETERS_INVALID', '"1e3" is no number'],
    ['SMA(timeperiod=2,timeperiod=3)', 'INDICATOR_PARAMETERS_INVALID', 'timeperiod is given twice'],
    ['MACD(12,,9)', 'INDICATOR_PARAMETERS_INVALID', 'a parameter is empty'],
    ['SMA(length=2)', 'INDICATOR_PARAMETERS_INVALID', 'there is no parameter length'],
    ['OBV', 'INDICATOR_INPUT_MISSING', 'OBV reads volume'],
  ])('refuses %s with %s', async (indicators, code, message) => {
    const told = await refusal(csv(['date,close', '2024-01-02,1']), indicators);
    expect([told.code, told.message]).toEqual([code, expect.stringContaining(message)]);
  });

  it('refuses a file that is not there', async () =>
    expect(await refusal('/nowhere.csv', 'SMA(2)')).toMatchObject({ code: 'FILE_UNREADABLE' }));
});
