import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLeanDaily } from '#infra/lean/leanDaily.ts';
import { checkContract } from '#pipelines/contract/checkContract.ts';
import { zipOf } from '#test/zipOf.ts';

const shared = path.resolve('../shared/data');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-lean-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, content: string | Buffer): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
};
const archive = (ticker: string, rows: readonly string[]): void =>
  put(`daily/${ticker}.zip`, zipOf(`${ticker}.csv`, `${rows.join('\n')}\n`));
const bar = (day: string, dollars: number): string =>
  `${day} 00:00,${[dollars, dollars + 1, dollars - 1, dollars].map((price) => price * 10_000).join(',')},1000`;

describe('daily bars of a LEAN folder', () => {
  test('follow a company through its tickers, and leave a ticker used again with its holder of the day', async () => {
    put('map_files/new.csv', '20200102,old,Q\n20200106,old,Q\n20501231,new,Q\n');
    archive('old', [bar('20191231', 5), bar('20200102', 10), bar('20200106', 11), bar('20200107', 99)]);
    archive('new', [bar('20200106', 77), bar('20200107', 12)]);
    const { bars, missing } = await readLeanDaily(folder);
    expect(missing).toEqual([]);
    expect(bars.map(({ symbol, sessions, close }) => ({ symbol, sessions, close: [...close] }))).toEqual([
      { symbol: 'NEW', sessions: ['2020-01-02', '2020-01-06', '2020-01-07'], close: [10, 11, 12] },
    ]);
  });

  test('carry the split and the dividend that factors imply, by the session after the factor’s day', async () => {
    put('map_files/a.csv', '20200102,a,Q\n20501231,a,Q\n');
    // A dividend of 1 on a close of 50, then two shares for one.
    put('factor_files/a.csv', '20200102,0.98,0.5,50\n20200106,1,0.5,49\n20501231,1,1,0\n');
    archive('a', [bar('20200102', 50), bar('20200103', 49), bar('20200106', 49), bar('20200107', 25)]);
    const [bars] = (await readLeanDaily(folder)).bars;
    expect([...bars!.actions!.dividend]).toEqual([0, expect.closeTo(1, 10), 0, 0]);
    expect([...bars!.actions!.splitRatio]).toEqual([1, 1, 1, 2]);
    expect([...bars!.adjustedClose]).toEqual([50 * 0.98 * 0.5, 24.5, 24.5, 25]);
  });

  test('name the archive of a stretch that is not there, and leave out companies that have none', async () => {
    put('map_files/b.csv', '20200102,gone,Q\n20200106,gone,Q\n20501231,b,Q\n');
    put('map_files/c.csv', '20200102,c,Q\n20501231,c,Q\n');
    archive('b', [bar('20200107', 12)]);
    const { bars, missing } = await readLeanDaily(folder);
    expect(bars.map(({ symbol }) => symbol)).toEqual(['B']);
    expect(missing).toEqual([{ symbol: 'B', path: path.join(folder, 'daily/gone.zip') }]);
  });

  test.each([
    { name: 'map_files/a.csv', content: '20200102,a\nsoon,a\n', line: 2 },
    { name: 'factor_files/a.csv', content: '20200102,0,1,5\n', line: 1 },
    { name: 'daily/a.zip', content: zipOf('a.csv', `${bar('20200102', 5)}\nyesterday,1\n`), line: 2 },
  ])('BARS_UNREADABLE names file and line of what cannot be read: $name', async ({ name, content, line }) => {
    put('map_files/a.csv', '20200102,a,Q\n20501231,a,Q\n');
    archive('a', [bar('20200102', 5)]);
    put(name, content);
    await expect(readLeanDaily(folder)).rejects.toMatchObject({
      code: 'BARS_UNREADABLE',
      message: expect.stringContaining(`${path.join(folder, name)}, line ${line}`),
    });
  });

  test('FILE_UNREADABLE: a folder without map files is none', async () => {
    await expect(readLeanDaily(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  test.skipIf(!existsSync(shared))('of ../shared/data keep SPY whole and tell the reused tickers apart', async () => {
    symlinkSync(`${shared}/benchmark_index/lean_daily`, path.join(folder, 'daily'));
    for (const kind of ['map_files', 'factor_files'])
      symlinkSync(`${shared}/reference/lean/equity/usa/${kind}`, path.join(folder, kind));
    const { bars } = await readLeanDaily(folder);
    const of = (symbol: string) => bars.find((each) => each.symbol === symbol)!;
    // The archive of uso begins in 1998 with another company; the fund was listed in 2006.
    expect(of('USO').sessions[0]).toBe('2006-04-10');
    expect([of('AAA.1').sessions.at(-1)! <= '2007-05-18', of('AAA').sessions[0]]).toEqual([true, '2020-09-09']);
    const spy = of('SPY');
    expect(spy.sessions.length).toBeGreaterThan(5_800);
    // SPY pays four times a year and never split.
    expect(spy.actions!.dividend.filter((paid) => paid > 0).length).toBeGreaterThan(85);
    expect(spy.actions!.splitRatio.every((ratio) => ratio === 1)).toBe(true);
    // Its dividend of 2020-03-20, as State Street published it.
    expect(spy.actions!.dividend[spy.sessions.indexOf('2020-03-20' as never)]).toBeCloseTo(1.406, 2);
    // USO joined eight shares into one on 2020-04-29.
    expect(of('USO').actions!.splitRatio.filter((ratio) => ratio !== 1)).toEqual(Float64Array.of(0.125));
    expect(checkContract([spy]).verdict).toBe('publishable');
  });
});
