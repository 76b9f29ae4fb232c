import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '#domain/sha256.ts';
import { TableCache } from '#infra/files/tableCache.ts';
import { plimsoll } from './commandLine.ts';
import { emptyCheckout } from './emptyCheckout.ts';

let folder: string;
let checkout: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-cache-'));
  checkout = emptyCheckout(folder);
  write('features.yaml', [
    'timeframe: 1m',
    'features:',
    '  - { name: mean, indicator: SMA, parameters: { timeperiod: 3 } }',
    '  - { name: mood, indicator: latestObservation, inputs: [news], parameters: { hours: 1 } }',
  ]);
  write('news.csv', ['arrived,value', '2024-11-27 09:34:30,-0.5']);
  writeBars(0.1);
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);
const write = (name: string, lines: readonly string[]): void => writeFileSync(at(name), `${lines.join('\n')}\n`);

/** Ten minutes whose last close is told. */
function writeBars(lastClose: number): void {
  const closes = Array.from({ length: 10 }, (_, minute) => (minute === 9 ? lastClose : Math.sqrt(minute + 2)));
  const minutes = closes.map((close, minute) => `2024-11-27 09:${30 + minute}:00,${close}`);
  write('minutes.csv', ['Time,Close', ...minutes]);
}

async function compute(options = ''): Promise<{ readonly cache: string; readonly written: string }> {
  const sources = `--input ${at('minutes.csv')} --declaration ${at('features.yaml')} --observations news=${at('news.csv')}`;
  const { out, error } = await plimsoll(`features compute ${sources} ${options} --output ${at('out.csv')} --json`, {
    checkout,
    environment: { PLIMSOLL_CACHE: at('cache') },
  });
  expect(error).toBe('');
  const { cache } = JSON.parse(out) as { readonly cache: string };
  return { cache, written: readFileSync(at('out.csv'), 'utf8') };
}

const kept = (): readonly string[] => readdirSync(at('cache/features'));

describe('features of a declaration', () => {
  it('are read from the cache when nothing has changed, the same to the last bit', async () => {
    const first = await compute();
    expect(first.cache).toBe('kept');
    rmSync(at('out.csv'));
    expect(await compute()).toEqual({ cache: 'read', written: first.written });
    expect(kept()).toHaveLength(1);
  });

  it('are said to be read from the cache', async () => {
    await compute();
    const line = `features compute --input ${at('minutes.csv')} --declaration ${at('features.yaml')} --output ${at('o.csv')}`;
    const world = { checkout, environment: { PLIMSOLL_CACHE: at('cache') } };
    const told = (await plimsoll(`${line} --observations news=${at('news.csv')}`, world)).out;
    expect(told).toMatch(/10 rows of one symbol, read from the cache: .*o\.csv$/);
  });

  it.each([
    ['a digit of the bars', () => writeBars(0.10000000000000002), ''],
    ['a parameter of the declaration', () => edit('features.yaml', 'timeperiod: 3', 'timeperiod: 2'), ''],
    [
      'a word of the declaration that changes nothing',
      () => edit('features.yaml', 'timeframe', '# by hand\ntimeframe'),
      '',
    ],
    ['an observation', () => edit('news.csv', '-0.5', '-0.25'), ''],
    ['the meaning of stamps', () => undefined, '--stamps end'],
    ['the code', () => writeFileSync(path.join(checkout, 'pipelines/more.ts'), 'export {};'), ''],
    ['what is installed', () => writeFileSync(path.join(checkout, 'package-lock.json'), '{ }'), ''],
  ])('are computed anew after a change of %s', async (_, change, options) => {
    await compute('--stamps start');
    change();
    const next = await compute(options === '' ? '--stamps start' : options);
    expect(next.cache).toBe('kept');
    expect(next.written).toBe((await compute(`${options || '--stamps start'} --no-cache`)).written);
    expect(kept()).toHaveLength(2);
  });

  it.each([
    ['cut short', (file: string) => truncateSync(file, 100)],
    ['empty', (file: string) => truncateSync(file, 0)],
    [
      'altered',
      (file: string) =>
        writeFileSync(
          file,
          readFileSync(file).map((byte, place) => (place === 50 ? byte ^ 1 : byte)),
        ),
    ],
  ])('are computed anew when what was kept is %s', async (_, damage) => {
    const first = await compute();
    damage(at(`cache/features/${kept()[0]}`));
    expect(await compute()).toEqual({ cache: 'kept', written: first.written });
  });

  it('are computed anew and not kept on demand', async () => {
    expect((await compute('--no-cache')).cache).toBe('off');
    expect(() => kept()).toThrow('ENOENT');
    await compute();
    expect((await compute('--no-cache')).cache).toBe('off');
  });
});

describe('the cache of tables', () => {
  it('keeps the 64 that were read last', async () => {
    const cache = new TableCache(at('tables'));
    const table = [{ name: 'x', type: 'double', values: Float64Array.of(-0, Number.NaN, 1 / 3) }] as const;
    const keys = Array.from({ length: 66 }, (_, index) => digestOf(index));
    await cache.write(keys[0]!, table);
    for (const key of keys.slice(1, 65)) {
      expect(await cache.read(keys[0]!)).toEqual(table);
      await cache.write(key, table);
    }
    expect(readdirSync(at('tables'))).toHaveLength(64);
    expect(await cache.read(keys[0]!)).toEqual(table);
    expect(await cache.read(keys[65]!)).toBeUndefined();
  }, 60_000);
});

function edit(name: string, from: string, to: string): void {
  const text = readFileSync(at(name), 'utf8');
  expect(text).toContain(from);
  writeFileSync(at(name), text.replace(from, to));
}
