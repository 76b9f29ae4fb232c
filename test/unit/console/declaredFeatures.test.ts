import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { plimsoll as run, type Outcome } from './commandLine.ts';
import { emptyCheckout } from './emptyCheckout.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-declared-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const world = { checkout: emptyCheckout(folder), environment: { PLIMSOLL_CACHE: path.join(folder, 'cache') } };
const plimsoll = (line: string): Promise<Outcome> => run(line, world);

function file(name: string, lines: readonly string[]): string {
  const place = path.join(folder, name);
  writeFileSync(place, `${lines.join('\n')}\n`);
  return place;
}

/** Fifteen minutes from the open of two symbols, New York's clocks, the closes their number. */
const minutes = file('minutes.csv', [
  'Symbol,Time,Open,High,Low,Close,Volume',
  ...['AAA', 'BBB'].flatMap((symbol, at) =>
    Array.from({ length: 15 }, (_, minute) => {
      const close = 100 * (at + 1) + minute;
      return `${symbol},2024-11-27 09:${30 + minute}:00,${close},${close + 1},${close - 1},${close},1000`;
    }),
  ),
]);
const declaration = file('five.yaml', [
  'timeframe: 1m',
  'features:',
  '  - { name: last, indicator: SMA, parameters: { timeperiod: 1 } }',
  '  - { name: lastOfFive, indicator: SMA, parameters: { timeperiod: 1 }, timeframe: 5m }',
  '  - { name: mood, indicator: latestObservation, inputs: [news], parameters: { hours: 1 } }',
]);
const news = file('news.csv', ['symbol,arrived,value', 'BBB,2024-11-27 09:40:30,-0.5']);
const output = path.join(folder, 'out.csv');
const compute = `features compute --input ${minutes} --output ${output} --json`;

describe('features compute --declaration', () => {
  it('writes features beside symbols and the times at which bars closed', async () => {
    const { out } = await plimsoll(`${compute} --declaration ${declaration} --observations news=${news}`);
    expect(JSON.parse(out)).toMatchObject({
      rows: 30,
      symbols: 2,
      features: [
        { name: 'last', kind: 'SMA', timeframe: '1m', values: 30 },
        { name: 'lastOfFive', kind: 'SMA', timeframe: '5m', values: 22 },
        { name: 'mood', kind: 'latestObservation', timeframe: '1m', values: 5 },
      ],
    });
    const lines = readFileSync(output, 'utf8').split('\n');
    expect(lines[0]).toBe('symbol,time,last,lastOfFive,mood');
    expect(lines[4]).toBe('AAA,2024-11-27T14:34:00.000Z,103,,');
    expect(lines[5]).toBe('AAA,2024-11-27T14:35:00.000Z,104,104,');
    expect(lines[26]).toBe('BBB,2024-11-27T14:41:00.000Z,210,209,-0.5');
  });

  it('joins bars that are shorter than the declaration asks for', async () => {
    const five = file('rows.yaml', [
      'timeframe: 5m',
      'features:',
      '  - { name: last, indicator: SMA, parameters: { timeperiod: 1 } }',
    ]);
    await plimsoll(`${compute} --declaration ${five}`);
    expect(readFileSync(output, 'utf8').split('\n').slice(0, 3)).toEqual([
      'symbol,time,last',
      'AAA,2024-11-27T14:35:00.000Z,104',
      'AAA,2024-11-27T14:40:00.000Z,109',
    ]);
  });

  it('takes daily files for daily declarations only', async () => {
    const days = file('days.csv', ['Date,Close', '2024-11-26,1', '2024-11-27,2', '2024-11-29,4']);
    const daily = file('daily.yaml', ['features:', '  - { name: r, indicator: return, parameters: { sessions: 1 } }']);
    await plimsoll(`features compute --input ${days} --output ${output} --declaration ${daily}`);
    expect(readFileSync(output, 'utf8')).toBe('session,r\n2024-11-26,\n2024-11-27,1\n2024-11-29,1\n');
    const { error } = await plimsoll(
      `features compute --input ${days} --output ${output} --declaration ${declaration} --observations news=${news}`,
    );
    expect(error).toContain('BARS_UNREADABLE');
  });

  it.each([
    ['neither indicators nor a declaration', '', 'COMMAND_UNKNOWN'],
    ['events of no declaration', `--events ${minutes} --indicators SMA(3)`, 'COMMAND_UNKNOWN'],
    ['both', `--indicators SMA(3) --declaration ${declaration}`, 'COMMAND_UNKNOWN'],
    ['a set of observations without its file', `--declaration ${declaration}`, 'OBSERVATIONS_UNREADABLE'],
    [
      'a declaration that does not compile',
      `--declaration ${file('bad.yaml', ['timeframe: 1m', 'features:', '  - { name: x, indicator: crystalBall }'])}`,
      'line 3: feature x: no indicator crystalBall',
    ],
    [
      'a figure that the bars lack',
      `--declaration ${file('book.yaml', ['timeframe: 1m', 'features:', '  - { name: x, indicator: depthImbalance }'])}`,
      'INDICATOR_INPUT_MISSING',
    ],
  ])('refuses %s', async (_, options, told) => {
    const { exitCode, error } = await plimsoll(`${compute} ${options}`);
    expect(exitCode).not.toBe(0);
    expect(error).toContain(told);
  });
});

describe('features list --kinds', () => {
  it('tells what features may be beside indicators', async () => {
    const { out } = await plimsoll('features list --kinds --json');
    const { kinds } = JSON.parse(out) as {
      readonly kinds: readonly { readonly name: string; readonly inputs: unknown }[];
    };
    expect(kinds.find(({ name }) => name === 'kyleLambda')).toMatchObject({
      inputs: ['midChange', 'buyVolume', 'sellVolume'],
      outputs: ['value'],
    });
    expect(kinds.map(({ name }) => name)).not.toContain('RSI');
    expect((await plimsoll('features list --kinds')).out).toMatch(/^adaptive +One measure/m);
  });
});
