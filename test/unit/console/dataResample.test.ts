import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zipOf } from '#test/zipOf.ts';
import { plimsoll } from './commandLine.ts';

const data = '../shared/data';
const eqker = `${data}/minute/eqker_2019`;

interface Bar {
  readonly start: string;
  readonly end: string;
  readonly state: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}
interface Resampled {
  readonly symbol: string;
  readonly stamps: string;
  readonly given: number;
  readonly suspicious: number;
  readonly bars: readonly Bar[];
  readonly missingMinutes: number;
  readonly missing: readonly object[];
  readonly outsideHours: readonly string[];
}

describe('data resample', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-resample-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const csv = (name: string, rows: readonly string[], header = 'datetime,open,high,low,close,volume'): string =>
    file(name, [header, ...rows, ''].join('\n'));

  const resample = async (line: string): Promise<readonly Resampled[]> => {
    const { out, error } = await plimsoll(`data resample ${line} --json`);
    expect(error).toBe('');
    return (JSON.parse(out) as { readonly symbols: readonly Resampled[] }).symbols;
  };

  it('joins bars of a file in any order of rows and columns, by stamps that tell themselves', async () => {
    const descending = csv(
      'AAA_1min.csv',
      ['5,1,2019-02-11 09:32:00,3,1,2', '6,2,2019-02-11 09:31:00,9,2,3', '1,1,2019-02-10 12:00:00,1,1,1'],
      'Volume,LOW,DateTime,High,Open,Close',
    );
    const [symbol] = await resample(`${descending} --to 5min --stamps end`);
    expect(symbol).toEqual({
      symbol: 'AAA',
      stamps: 'end',
      given: 3,
      suspicious: 0,
      bars: [
        {
          session: '2019-02-11',
          state: 'regular',
          start: '2019-02-11T14:30:00.000Z',
          end: '2019-02-11T14:35:00.000Z',
          open: 2,
          high: 9,
          low: 1,
          close: 2,
          volume: 11,
          bars: 2,
        },
      ],
      missingMinutes: 388,
      missing: [{ session: '2019-02-11', start: '2019-02-11T14:32:00.000Z', end: '2019-02-11T21:00:00.000Z' }],
      outsideHours: ['2019-02-10T16:59:00.000Z'],
    });
  });

  it('reads times with a zone of their own as the instants they are', async () => {
    const zoned = csv('AAA.csv', ['2019-02-11T14:30:00Z,1,1,1,1,1', '2019-02-11 09:31:00-0500,2,2,2,2,2']);
    const [symbol] = await resample(`${zoned} --to session --symbol BRK.B`);
    expect(symbol).toMatchObject({ symbol: 'BRK.B', stamps: 'start', given: 2 });
    expect(symbol?.bars).toEqual([
      expect.objectContaining({ start: '2019-02-11T14:30:00.000Z', end: '2019-02-11T21:00:00.000Z', volume: 3 }),
    ]);
  });

  it('makes one history of the files of a symbol, and writes it as CSV or Parquet', async () => {
    const lean = (day: string): string =>
      file(`${day}_trade.zip`, zipOf(`${day}_ibm_minute_trade.csv`, '34200000,1820000,1830000,1810000,1825000,100\n'));
    const paths = [lean('20131008'), lean('20131007')].join(' ');
    const output = path.join(folder, 'out.csv');
    const [symbol] = await resample(`${paths} --to 15min --output ${output}`);
    expect(symbol?.bars.map(({ start, high }) => [start, high])).toEqual([
      ['2013-10-07T13:30:00.000Z', 183],
      ['2013-10-08T13:30:00.000Z', 183],
    ]);
    expect(readFileSync(output, 'utf8').split('\n')).toEqual([
      'symbol,start,end,state,open,high,low,close,volume',
      'IBM,2013-10-07T13:30:00.000Z,2013-10-07T13:45:00.000Z,regular,182,183,181,182.5,100',
      'IBM,2013-10-08T13:30:00.000Z,2013-10-08T13:45:00.000Z,regular,182,183,181,182.5,100',
      '',
    ]);
  });

  it('does not mix bars of different lengths', async () => {
    const lean = (kind: string): string =>
      file(`${kind}.zip`, zipOf(`20131007_ibm_${kind}_trade.csv`, '34200000,1,1,1,1,1\n'));
    const { error } = await plimsoll(`data resample ${lean('minute')} ${lean('second')} --to 15min`);
    expect(error).toMatch(/^BARS_UNJOINABLE: IBM: /);
  });

  it('makes bars of the tape by its sale conditions, and leaves out what the vendor suspects', async () => {
    const ticks = [
      '34200000,1820000,100,P,1,0',
      '34200001,1900000,50,P,80000000,0', // odd lot
      '34200002,1700000,100,D,20100000,0', // average price
      '34200003,1830000,100,K,20000020,0', // sweep
      '34200004,1850000,100,K,4800,0', // sold, out of sequence: not the last
      '34200005,1,100,K,1,1',
    ];
    const zip = file(
      '20131007_trade.zip',
      zipOf('20131007_ibm_Trade_Tick.csv', `${ticks.join('\n')}\n`, { zip64: true }),
    );
    const [symbol] = await resample(`${zip} --to 1min`);
    expect(symbol).toMatchObject({ stamps: 'trade', given: 5, suspicious: 1, missingMinutes: 389 });
    expect(symbol?.bars).toEqual([
      expect.objectContaining({ open: 182, high: 185, low: 182, close: 183, volume: 450, trades: 5 }),
    ]);
  });

  it('shows a person the last bars and what is missing', async () => {
    const { out } = await plimsoll(
      `data resample ${csv('A.csv', ['2019-02-11 09:30,1,1,1,1,1', '2019-02-11 09:31,1,1,1,1,1'])} --to 5min`,
    );
    expect(out).toContain('A: 1 bars of 2 given, stamped at their start; 388 minutes of regular trading without any');
  });

  const rows = (...times: readonly string[]): readonly string[] => times.map((time) => `2019-02-11 ${time},1,1,1,1,1`);
  it.each([
    ['stamps that do not tell', rows('10:00', '10:01'), '--to 5min', 'STAMPS_AMBIGUOUS'],
    ['stamps that tell both', rows('09:30', '16:00'), '--to session', 'STAMPS_AMBIGUOUS'],
    ['a repeated stamp', rows('09:30', '09:30', '09:31'), '--to 5min', 'BARS_UNJOINABLE'],
    ['a length that does not divide', rows('09:30', '09:45'), '--to 5min', 'BARS_UNJOINABLE'],
    ['a time that is none', ['noon,1,1,1,1,1'], '--to 5min', 'BARS_UNREADABLE'],
    ['a day that does not exist', ['2019-02-31 10:00,1,1,1,1,1'], '--to 5min', 'BARS_UNREADABLE'],
    ['an empty figure', ['2019-02-11 10:00,1,,1,1,1'], '--to 5min', 'BARS_UNREADABLE'],
    ['a negative volume', ['2019-02-11 10:00,1,1,1,1,-1'], '--to 5min', 'BARS_UNREADABLE'],
    ['a short row', ['2019-02-11 10:00,1'], '--to 5min', 'BARS_UNREADABLE'],
  ])('refuses %s', async (...[, lines, options, code]) => {
    const { exitCode, error } = await plimsoll(`data resample ${csv('AAA.csv', lines)} ${options}`);
    expect([exitCode, error.split(':')[0]]).toEqual([1, code]);
  });

  it('refuses a header without figures, a file that is missing, quotes, and another ending of the output', async () => {
    const codeOf = async (line: string): Promise<string> =>
      (await plimsoll(`data resample ${line}`)).error.split(':')[0]!;
    expect(await codeOf(`${csv('A.csv', [], 'datetime,open')} --to 5min`)).toBe('BARS_UNREADABLE');
    expect(await codeOf(`${folder}/none.csv --to 5min`)).toBe('FILE_UNREADABLE');
    expect(await codeOf(`${folder}/none.zip --to 5min`)).toBe('FILE_UNREADABLE');
    const quotes = file('q.zip', zipOf('20131007_ibm_Quote_Tick.csv', ''));
    expect(await codeOf(`${quotes} --to 5min`)).toBe('BARS_UNREADABLE');
    const badCondition = file('c.zip', zipOf('20131007_ibm_Trade_Tick.csv', '34200000,1,1,P,xyz,0\n'));
    expect(await codeOf(`${badCondition} --to 5min`)).toBe('BARS_UNREADABLE');
    const good = csv('B.csv', rows('09:30', '09:31'));
    expect(await codeOf(`${good} --to 5min --output ${folder}/out.xls`)).toBe('FILE_FORMAT_UNKNOWN');
    expect(await codeOf(`${good} --to 5min --output ${folder}/none/out.csv`)).toBe('FILE_UNREADABLE');
    expect(await codeOf(`${good} --to 2min`)).toBe('COMMAND_UNKNOWN');
  });
});

const figures = ['open', 'high', 'low', 'close', 'volume'] as const;
const agreeing = (a: Bar | undefined, b: Bar, names: readonly (typeof figures)[number][]): boolean =>
  a !== undefined && names.every((name) => a[name] === b[name]);

describe('recorded bars', () => {
  const resample = async (line: string): Promise<readonly Resampled[]> =>
    (JSON.parse((await plimsoll(`data resample ${line} --json`)).out) as { readonly symbols: readonly Resampled[] })
      .symbols;
  const byStart = ({ bars }: Resampled): ReadonlyMap<string, Bar> => new Map(bars.map((bar) => [bar.start, bar]));

  it.skipIf(!existsSync(eqker))('of one minute are the recorded ones of 15 minutes, all 130 of SPY', async () => {
    const [made] = await resample(`${eqker}/SPY_1min.csv --to 15min`);
    const [known] = await resample(`${eqker}/SPY_15min.csv --to 15min`);
    expect([made?.stamps, made?.missingMinutes, made?.bars.length]).toEqual(['end', 0, 130]);
    const knownBars = byStart(known!);
    expect(made!.bars.filter((bar) => agreeing(knownBars.get(bar.start), bar, figures))).toHaveLength(130);
  });

  const ibm = `${data}/minute/lean/ibm/20131007_trade.zip`;
  it.skipIf(!existsSync(ibm))(
    'of one second make those of one minute, but for the opening and the closing print, which seconds lack',
    async () => {
      const [known] = await resample(`${ibm} --to 1min`);
      const [made] = await resample(`${data}/ticks_quotes/second/ibm/20131007_trade.zip --to 1min`);
      const madeBars = byStart(made!);
      const agree = (...names: readonly (typeof figures)[number][]): number =>
        known!.bars.filter((bar) => agreeing(madeBars.get(bar.start), bar, names)).length;
      expect(known?.bars).toHaveLength(453);
      expect(agree('high', 'low', 'close')).toBe(452);
      expect(agree('open', 'high', 'low')).toBe(452);
      const apart = known!.bars.filter((bar) => !agreeing(madeBars.get(bar.start), bar, ['open', 'close']));
      expect(apart.map(({ start }) => start)).toEqual(['2013-10-07T13:30:00.000Z', '2013-10-07T19:59:00.000Z']);
    },
  );

  it.skipIf(!existsSync(ibm))(
    'and trades make the volume of every minute of regular trading but the last',
    async () => {
      const [known] = await resample(`${ibm} --to 1min`);
      const [made] = await resample(`${data}/ticks_quotes/tick/ibm/20131007_trade.zip --to 1min`);
      const madeBars = byStart(made!);
      const regular = known!.bars.filter(({ state }) => state === 'regular');
      expect(regular).toHaveLength(390);
      expect(regular.filter((bar) => agreeing(madeBars.get(bar.start), bar, ['volume']))).toHaveLength(389);
    },
  );
});
