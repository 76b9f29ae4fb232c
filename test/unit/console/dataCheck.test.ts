import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionsBetween } from '#domain/calendar.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { plimsoll } from './commandLine.ts';

const recorded = '../shared/data/daily_us_sp500';
const sessions = sessionsBetween(sessionDate('2023-01-03'), sessionDate('2023-12-29'));

interface CheckValue {
  readonly verdict: string;
  readonly rows: number;
  readonly symbols: number;
  readonly findings: readonly { readonly rule: string; readonly symbol: string; readonly session: string | null }[];
  readonly rules: readonly { readonly rule: string; readonly fractionOfRows: number }[];
  readonly files: { readonly notData: readonly object[]; readonly unreadableRows: readonly object[] };
}

describe('files held against the data contract', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-check-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, lines: readonly string[]): void => {
    const text = `${lines.join('\n')}\n`;
    writeFileSync(path.join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
  };
  const check = async (options: string): Promise<{ readonly exitCode: number; readonly value: CheckValue }> => {
    const { exitCode, out, error } = await plimsoll(`data check ${folder} ${options} --json`);
    expect(error).toBe('');
    return { exitCode, value: JSON.parse(out) as CheckValue };
  };
  /** A price that climbs a little each session, with the columns after close as given. */
  const rows = (columns: (session: string, row: number) => string): string[] =>
    sessions.map((session, row) => {
      const price = 100 + row * 0.1;
      return `${session},${price},${price + 1},${price - 1},${price},${columns(session, row)}`;
    });

  test('are told clean, or by each flaw with its place and figures', async () => {
    write('AAA.csv', [
      'timestamp,open,high,low,close,volume,adjusted_close,dividend_amount,split_coefficient',
      ...rows(() => '1000,,0,1'),
    ]);
    write('BAD.csv', ['{', '  "Error Message": "Invalid API call"', '}']);
    write('BBB.csv.gz', [
      'timestamp,open,high,low,close,volume,adjusted_close,dividend_amount,split_coefficient',
      ...rows((_, row) => `${row === 5 ? 0 : 1000},,0,1`).filter((_, row) => row !== 9),
      'yesterday,1,1,1,1,1,1,0,1',
      '2023-12-29,1',
    ]);
    const { exitCode, value } = await check('--format alpha-vantage');
    expect(exitCode).toBe(0);
    expect(value).toMatchObject({ symbols: 2, verdict: 'publishable' });
    expect(value.findings.map(({ rule, symbol, session }) => [rule, symbol, session])).toEqual([
      ['vendorError', 'BAD', null],
      ['duplicateSession', 'BBB', '2023-12-29'],
      ['missingSession', 'BBB', sessions[9]],
      ['volumeZero', 'BBB', sessions[5]],
    ]);
    expect(value.files.unreadableRows).toHaveLength(2);
  });

  test('end with 3 when they would not be published', async () => {
    write('AAA.csv', ['Date,Open,High,Low,Close,Volume,Adj Close', '2023-01-03,1,1,1,1,1,-1']);
    const { exitCode, value } = await check('--format yahoo');
    expect(exitCode).toBe(3);
    expect(value.verdict).toBe('refused');
  });

  test('of CRSP may tell a close without a trade as negative, and a split as its ratio less one', async () => {
    const split = 100;
    write('crsp.csv', [
      'TICKER,date,OPENPRC,ASKHI,BIDLO,PRC,VOL,DIVAMT,FACPR',
      ...sessions.map((session, row) => {
        const price = row < split ? 200 : 100;
        return `IBM,${session.replaceAll('-', '')},${price},${price},${price},${row === 7 ? -price : price},${100 + row},,${row === split ? '1.0' : ''}`;
      }),
    ]);
    const { value } = await check('--format wrds-crsp');
    expect(value.findings.filter(({ rule }) => rule !== 'staleRun')).toEqual([]);
  });

  test('in the future are not believed', async () => {
    write('AAA.csv', ['Date,Open,High,Low,Close,Volume,Adj Close', ...rows((_, row) => `1000,${100 + row * 0.1}`)]);
    const { value } = await check('--format yahoo --as-of 2023-12-27');
    expect(value.findings.map(({ rule, session }) => [rule, session])).toEqual([
      ['futureSession', '2023-12-28'],
      ['futureSession', '2023-12-29'],
    ]);
  });

  test('are reported on a page of their own, in which nothing of a file is markup', async () => {
    write('AAA.csv', ['<script>alert(1)</script>']);
    await plimsoll(`data check ${folder} --format yahoo --report ${folder}/report.html`);
    const page = readFileSync(path.join(folder, 'report.html'), 'utf8');
    expect(page).toContain('refused</h1>');
    expect(page).toContain('<td>vendorError</td><td>A file holds an error message or lacks columns.</td>');
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('<script');
  });

  test('are held against the thresholds of the configuration', async () => {
    write('AAA.csv', ['Date,Open,High,Low,Close,Volume,Adj Close', ...rows((_, row) => `1000,${100 + row * 0.1}`)]);
    const strict = { environment: { PLIMSOLL_DATA__CONTRACT__EXTREME_RETURN_MIN: '0.0005' } };
    const rulesOf = async (given: object): Promise<readonly string[]> => {
      const { out } = await plimsoll(`data check ${folder} --format yahoo --json`, given);
      return (JSON.parse(out) as CheckValue).rules.map(({ rule }) => rule);
    };
    expect(await rulesOf({})).toEqual([]);
    expect(await rulesOf(strict)).toEqual(['returnExtreme']);
  });

  test.each([
    ['data check /nowhere', 1, 'FILE_UNREADABLE'],
    ['data check . --format parquet', 1, 'FILE_FORMAT_UNKNOWN'],
    ['data check . --as-of tomorrow', 2, 'COMMAND_UNKNOWN'],
  ])('%s ends with %i and %s', async (line, exitCode, code) => {
    const outcome = await plimsoll(line);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.error).toContain(code);
  });

  test.skipIf(!existsSync(recorded))(`find every known flaw of ${recorded}, and no rule speaks too often`, async () => {
    const { out } = await plimsoll(`data check ${recorded} --format pooksoft --json`);
    const value = JSON.parse(out) as CheckValue;
    const found = (rule: string, symbol: string): readonly (string | null)[] =>
      value.findings
        .filter((finding) => finding.rule === rule && finding.symbol === symbol)
        .map(({ session }) => session);
    expect(value).toMatchObject({ symbols: 61, rows: 318_149, verdict: 'publishable' });
    expect(found('vendorError', 'BF.B')).toEqual([null]);
    expect(found('volumeZero', 'ODFL')).toHaveLength(81);
    expect(found('volumeZero', 'WELL')).toHaveLength(7);
    expect(found('missingSession', 'WELL')).toHaveLength(12);
    expect(found('missingSession', 'KIM')).toHaveLength(3);
    expect(found('spinOffAsDividend', 'JCI')).toContain('2007-07-02');
    expect(found('returnExtreme', 'AIG').filter((session) => session! < '2009-12-31')).toHaveLength(7);
    expect(found('adjustmentMismatch', 'SO')).toEqual(['2001-04-03']);
    expect(found('mixedAdjustment', 'CMCSA')).toEqual(['2004-08-02']);
    for (const symbol of ['GOOGL', 'UAL', 'FB', 'CARR']) expect(found('lateListing', symbol)).toHaveLength(1);
    for (const { rule, fractionOfRows } of value.rules) expect([rule, fractionOfRows < 0.0005]).toEqual([rule, true]);
  });
});
