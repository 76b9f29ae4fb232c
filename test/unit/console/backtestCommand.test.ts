import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { weekdays } from '../pipelines/randomBars.ts';
import { plimsoll } from './commandLine.ts';

interface Told {
  readonly strategy: string;
  readonly trades: number;
  readonly dividends: number;
  readonly finalEquity: number;
  readonly delistings: readonly object[];
  readonly metrics: { readonly totalReturn: number };
  readonly files: readonly string[];
}

describe('backtest', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-backtest-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const header = 'symbol,date,open,high,low,close,volume';
  /** A file of bars that open where they closed before, with further cells where they are given. */
  function bars(closes: readonly number[], further: readonly string[] = [], more = ''): string {
    const dates = weekdays(closes.length);
    const rows = closes.map((close, row) => {
      const open = closes[Math.max(0, row - 1)]!;
      const cells = ['A', dates[row], open, Math.max(open, close), Math.min(open, close), close, 1_000_000];
      return [...cells, ...(further.length > 0 ? [further[row] ?? ''] : [])].join(',');
    });
    const file = path.join(folder, 'bars.csv');
    writeFileSync(file, `${[`${header}${more}`, ...rows].join('\n')}\n`);
    return file;
  }
  const crossing = [10, 10, 10, 9, 9, 12, 13, 8, 8, 8];
  const told = (out: string): Told => JSON.parse(out) as Told;

  it('plays a strategy known by name and tells every figure', async () => {
    const { out, exitCode } = await plimsoll(
      `backtest --strategy sma-cross --input ${bars(crossing)} --fast 2 --slow 3 --shares 10 --half-spread-bps 0 --json`,
    );
    expect(exitCode).toBe(0);
    // Bought at the open of 12, sold at that of 8.
    expect(told(out)).toMatchObject({ strategy: 'sma-cross', trades: 2, finalEquity: 99_960, files: [] });
    expect(told(out).metrics.totalReturn).toBeCloseTo(-0.0004, 12);
  });

  it('prints them as a table', async () => {
    const { out } = await plimsoll(`backtest --strategy buy-and-hold --input ${bars(crossing)}`);
    expect(out).toMatch(/^Total return +/m);
    expect(out).toMatch(/^Fills +1$/m);
    expect(out).toContain('10 bars of 1 symbols, 2020-01-01 to 2020-01-14');
  });

  it('writes fills, equity and returns where it is told', async () => {
    const output = path.join(folder, 'out');
    const { out } = await plimsoll(
      `backtest run --strategy sma-cross --input ${bars(crossing)} --fast 2 --slow 3 --shares 10 --output ${output} --json`,
    );
    expect(told(out).files).toEqual(['fills.csv', 'equity.csv', 'returns.csv'].map((name) => path.join(output, name)));
    const [head, first] = readFileSync(path.join(output, 'fills.csv'), 'utf8').split('\n');
    expect(head).toBe('date,at,symbol,side,quantity,price,commission,slippage,order');
    expect(first).toBe('2020-01-09,open,A,buy,10,12.0012,0,0.012,0');
    const { out: figures } = await plimsoll(`metrics --returns ${path.join(output, 'returns.csv')} --json`);
    expect(JSON.parse(figures)).toMatchObject({ metrics: { totalReturn: told(out).metrics.totalReturn } });
  });

  it('draws a tear sheet of what it played, with its exposure, costs and trades', async () => {
    const html = path.join(folder, 'sheet.html');
    const output = path.join(folder, 'out');
    const play = `backtest --strategy sma-cross --input ${bars(crossing)} --fast 2 --slow 3 --shares 10`;
    const { out } = await plimsoll(`${play} --tearsheet ${html} --output ${output} --json`);
    expect(told(out).files.slice(-2)).toEqual([html, path.join(folder, 'sheet.json')]);
    const sheet = JSON.parse(readFileSync(path.join(folder, 'sheet.json'), 'utf8')) as Record<
      string,
      readonly object[]
    >;
    expect(sheet.trades).toMatchObject([{ symbol: 'A', quantity: 10, openedOn: '2020-01-09', closedOn: '2020-01-13' }]);
    expect(sheet.exposure).toHaveLength(crossing.length);
    expect(readFileSync(html, 'utf8')).toContain('sma-cross');
    // The files that it writes make the same sheet.
    const files = `--returns ${path.join(output, 'returns.csv')} --trades ${path.join(output, 'fills.csv')}`;
    await plimsoll(`tearsheet ${files} --output ${path.join(folder, 'again.html')}`);
    const again = JSON.parse(readFileSync(path.join(folder, 'again.json'), 'utf8')) as typeof sheet;
    expect(again).toMatchObject({ exposure: sheet.exposure, turnover: sheet.turnover, trades: sheet.trades });
  });

  it('pays the dividends a column tells, and those of an adjusted close', async () => {
    const flat = Array.from({ length: 6 }, () => 100);
    const dividends = bars(flat, ['', '', '', '1', '', ''], ',dividend');
    const run = (file: string, more = '') =>
      plimsoll(`backtest --strategy buy-and-hold --input ${file} --half-spread-bps 0 ${more} --json`);
    expect(told((await run(dividends)).out).dividends).toBe(980);
    expect(told((await run(dividends, '--no-dividends')).out).dividends).toBe(0);
    const adjusted = bars(flat, ['99', '99', '99', '100', '100', '100'], ',Adj Close');
    expect(told((await run(adjusted)).out).dividends).toBeCloseTo(980, 6);
  });

  it('splits shares where a column says so', async () => {
    const file = bars([100, 100, 100], ['', '', ''], ',split');
    writeFileSync(
      file,
      `${header},split\nA,2020-01-01,100,100,100,100,1000000,\nA,2020-01-02,100,100,100,100,1000000,\nA,2020-01-03,50,50,50,50,1000000,2\n`,
    );
    const { out } = await plimsoll(`backtest --strategy buy-and-hold --input ${file} --half-spread-bps 0 --json`);
    expect(told(out)).toMatchObject({ finalEquity: 100_000 });
  });

  it('plays a strategy of a module of one’s own, with its parameters', async () => {
    const module = path.join(folder, 'mine.mjs');
    writeFileSync(
      module,
      `export const strategy = {
        name: 'mine',
        title: 'So many shares of everything, at the next close',
        parameters: [{ name: 'count', meaning: 'shares', default: 1, min: 1, max: 9, kind: 'whole' }],
        create: ({ parameters: { count } }) => ({
          afterClose(desk) {
            if (desk.history.count(0) === 2) {
              desk.submit([{ symbol: 0, side: 'buy', quantity: count, terms: { kind: 'market' }, timeInForce: 'closing' }]);
            }
          },
        }),
      };`,
    );
    const { out } = await plimsoll(
      `backtest --strategy ${module} --parameter count=3 --input ${bars(crossing)} --half-spread-bps 0 --json`,
    );
    // Bought at the third close, 10; 8 at the end.
    expect(told(out)).toMatchObject({ strategy: 'mine', trades: 1, finalEquity: 99_994 });
    const wrong = await plimsoll(`backtest --strategy ${module} --parameter count=10 --input ${bars(crossing)} --json`);
    expect(wrong.error).toContain('STRATEGY_INVALID');
  });

  it('refuses what it cannot play, with a code', async () => {
    const file = bars(crossing);
    const other = path.join(folder, 'other.mjs');
    writeFileSync(other, 'export const strategy = 7;');
    const cases: readonly (readonly [string, string])[] = [
      [`--strategy sma-crass --input ${file}`, 'STRATEGY_UNKNOWN'],
      [`--strategy ${path.join(folder, 'none.mjs')} --input ${file}`, 'STRATEGY_UNKNOWN'],
      [`--strategy ${other} --input ${file}`, 'STRATEGY_INVALID'],
      [`--strategy buy-and-hold --fast 3 --input ${file}`, 'STRATEGY_INVALID'],
      [`--strategy sma-cross --fast 50 --input ${file}`, 'STRATEGY_INVALID'],
      [`--strategy sma-cross --input ${path.join(folder, 'none.csv')}`, 'FILE_UNREADABLE'],
    ];
    for (const [line, code] of cases) {
      const { error, exitCode } = await plimsoll(`backtest ${line} --json`);
      expect([line, exitCode]).toEqual([line, 1]);
      expect(error).toContain(code);
    }
  });

  it.each([
    ['date,open,close,volume\n2020-01-01,1,1,1', 'it has no column high'],
    ['open,high,low,close,volume\n1,1,1,1,1', 'no column tells the day'],
    ['date,open,high,low,close,volume\n2020-01-01,1,1,1,0,1', 'close of bar 1 is 0'],
    ['date,open,high,low,close,volume\n2020-01-01,3,2,1,2,1', 'lies outside its range'],
    ['date,open,high,low,close,volume\n2020-01-01 10:00,1,1,1,1,1\n2020-01-01 11:00,1,1,1,1,1', 'of the same day'],
    ['date,open,high,low,close\n2020-01-01,1,1,1,1', 'no volume: give --participation all'],
  ])('refuses bars that cannot be played: %j', async (text, problem) => {
    const file = path.join(folder, 'odd.csv');
    writeFileSync(file, `${text}\n`);
    const { error } = await plimsoll(`backtest --strategy buy-and-hold --input ${file} --json`);
    expect(error).toContain('BACKTEST_BARS_INVALID');
    expect(error).toContain(problem);
  });

  describe('look-ahead', () => {
    const wave = Array.from(
      { length: 120 },
      (_, row) => 100 + Math.round(8 * Math.sin(row / 3) + 3 * Math.sin(row * row)),
    );
    const cheat = `export const strategy = {
      name: 'cheat',
      title: 'Knows the next close',
      parameters: [],
      create: ({ bars: [{ close }] }) => ({
        afterClose(desk) {
          const row = desk.history.count(0) - 1;
          const buys = close[row + 1] > close[row];
          if (buys === desk.held(0) > 0) return;
          desk.submit([{ symbol: 0, side: buys ? 'buy' : 'sell', quantity: 10, terms: { kind: 'market' }, timeInForce: 'day' }]);
        },
      }),
    };`;

    it('tells which decisions of a module change when its future is taken away', async () => {
      const module = path.join(folder, 'cheat.mjs');
      writeFileSync(module, cheat);
      const { out, exitCode } = await plimsoll(
        `backtest look-ahead --strategy ${module} --input ${bars(wave)} --cuts 8 --json`,
      );
      expect(exitCode).toBe(3);
      expect(JSON.parse(out)).toMatchObject({ strategy: 'cheat', kinds: ['futurePrice'] });
      const shown = await plimsoll(`backtest look-ahead --strategy ${module} --input ${bars(wave)}`);
      expect(shown.out).toContain('futurePrice: it reads prices of sessions to come');
    });

    it('finds nothing in an honest one, and says how much it compared', async () => {
      const { out, exitCode } = await plimsoll(
        `backtest look-ahead --strategy sma-cross --fast 3 --slow 8 --input ${bars(wave)} --cuts 5`,
      );
      expect(exitCode).toBe(0);
      expect(out).toMatch(/[1-9]\d* orders compared over 5 truncated histories\nno decision changed/);
    });

    it('holds the bars against the members of their index', async () => {
      const universe = path.join(folder, 'members.csv');
      writeFileSync(universe, 'symbol,from,until\nA,2019-01-01,\nGONE,2019-01-01,2020-03-02\n');
      const { out, exitCode } = await plimsoll(
        `backtest look-ahead --strategy buy-and-hold --input ${bars(wave)} --universe ${universe} --json`,
      );
      expect(exitCode).toBe(3);
      expect(JSON.parse(out)).toMatchObject({ kinds: ['survivorUniverse'], survivorship: { neverHeld: ['GONE'] } });
    });
  });
});
