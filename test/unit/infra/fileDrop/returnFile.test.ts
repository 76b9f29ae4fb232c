import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readReturns } from '#infra/fileDrop/returnFile.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-returns-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, ...lines: readonly string[]): { readonly path: string } {
  const file = path.join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return { path: file };
}

describe('readReturns', () => {
  it('joins by time, leaves out rows with an empty cell and counts both', async () => {
    const ours = fileOf('r.csv', 'date,fund', '2024-01-02,0.1', '2024-01-03,', '2024-01-04,0.3', '2024-01-05,0.4');
    const theirs = fileOf('b.csv', 'Date,index', '2024-01-05,4', '2024-01-04,3', '2024-01-03,2', '2024-01-01,1');
    const series = await readReturns(ours, theirs);
    expect(series).toEqual({
      name: 'fund',
      stamps: ['2024-01-04', '2024-01-05'],
      returns: Float64Array.of(0.3, 0.4),
      benchmark: { name: 'index', returns: Float64Array.of(3, 4) },
      rows: { returns: 4, benchmark: 4, common: 3, withoutFigure: 1 },
    });
  });

  it('joins files without times row by row', async () => {
    const series = await readReturns(fileOf('r.csv', 'fund', '0.1', '0.2'), fileOf('b.csv', 'index', '0.3', '0.4'));
    expect([...series.benchmark!.returns]).toEqual([0.3, 0.4]);
    expect(series.stamps).toBeUndefined();
  });

  it('takes the column that is named', async () => {
    const { path: file } = fileOf('r.csv', 'date,a,b', '2024-01-02,0.1,0.2');
    expect([...(await readReturns({ path: file, column: 'b' })).returns]).toEqual([0.2]);
  });

  it('refuses several series without a name, and a name that is not there', async () => {
    const { path: file } = fileOf('r.csv', 'date,a,b', '2024-01-02,0.1,0.2');
    await expect(readReturns({ path: file })).rejects.toMatchObject({ code: 'SERIES_UNKNOWN' });
    await expect(readReturns({ path: file, column: 'c' })).rejects.toMatchObject({
      code: 'SERIES_UNKNOWN',
      message: expect.stringMatching(/no column c: a, b/) as string,
    });
  });

  it.each([
    ['no time in common', ['date,b', '2023-01-02,1'], /no time in common/],
    ['times in one file only', ['b', '1'], /no column of times/],
    ['nothing but empty cells on common days', ['date,b', '2024-01-02,'], /no row has a figure/],
  ])('refuses %s', async (_, lines, told) => {
    const ours = fileOf('r.csv', 'date,a', '2024-01-02,0.1');
    await expect(readReturns(ours, fileOf('b.csv', ...lines))).rejects.toMatchObject({
      code: 'SERIES_NOT_ALIGNED',
      message: expect.stringMatching(told) as string,
    });
  });

  it('refuses files without times of unequal length', async () => {
    const joined = readReturns(fileOf('r.csv', 'a', '0.1', '0.2'), fileOf('b.csv', 'b', '0.1'));
    await expect(joined).rejects.toMatchObject({ code: 'SERIES_NOT_ALIGNED' });
  });

  it('refuses a loss of more than everything, by its date', async () => {
    const file = fileOf('r.csv', 'date,a', '2024-01-02,0.1', '2024-01-03,-1.5');
    await expect(readReturns(file)).rejects.toMatchObject({
      code: 'RETURNS_IMPOSSIBLE',
      message: expect.stringMatching(/-1.5 at 2024-01-03/) as string,
    });
  });
});
