import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSeriesFile } from '#infra/fileDrop/seriesFile.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-series-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(...lines: readonly string[]): string {
  const file = path.join(folder, 'series.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

describe('readSeriesFile', () => {
  it('reads every column but the one of times, oldest first', async () => {
    const file = await readSeriesFile(fileOf('A,Date,B', '0.1,2024-01-03,', '-0.2,2024-01-02,3e-4'));
    expect(file.stamps).toEqual(['2024-01-02', '2024-01-03']);
    expect([...file.stampMs!]).toEqual([Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 3)]);
    expect(file.series.map(({ name, values }) => [name, ...values])).toEqual([
      ['A', -0.2, 0.1],
      ['B', 3e-4, Number.NaN],
    ]);
  });

  it('takes a column without a name for the times, as pandas writes an index', async () => {
    const file = await readSeriesFile(fileOf(',returns', '2024-01-02 00:00:00,0.1'));
    expect(file.series.map(({ name }) => name)).toEqual(['returns']);
    expect(file.stampMs?.[0]).toBe(Date.UTC(2024, 0, 2));
  });

  it('takes rows without times to be in order', async () => {
    const file = await readSeriesFile(fileOf('returns', '0.1', '0.2'));
    expect(file.stamps).toBeUndefined();
    expect([...file.series[0]!.values]).toEqual([0.1, 0.2]);
  });

  it.each([
    ['a header of figures', ['0.1', '0.2'], /line 1: .* must name/],
    ['times alone', ['date', '2024-01-02'], /line 1: .* must name/],
    ['a name that stands twice', ['a,a', '1,2'], /line 1: a name stands twice/],
    ['no rows', ['a'], /line 1: no rows/],
    ['a cell that is no figure', ['a', '1', 'x'], /line 3: column a holds no figure/],
    ['a row that is too short', ['a,b', '1'], /line 2/],
    ['a time that stands twice', ['date,a', '2024-01-02,1', '2024-01-02,2'], /line 3: column date repeats/],
  ])('refuses %s by its line', async (_, lines, told) => {
    await expect(readSeriesFile(fileOf(...lines))).rejects.toMatchObject({
      code: 'BARS_UNREADABLE',
      message: expect.stringMatching(told) as string,
    });
  });

  it('refuses a file that is not there', async () => {
    await expect(readSeriesFile(path.join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
