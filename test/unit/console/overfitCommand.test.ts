import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RandomSource } from '#models/randomSource.ts';
import { overfitReport } from '#pipelines/overfit/overfitReport.ts';
import { plimsoll } from './commandLine.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-overfit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = new RandomSource(3, 0);
const names = ['a', 'b', 'c', 'd'];
const returns = names.map((_, trial) =>
  Float64Array.from(source.fillNormal(new Float32Array(300)), (value) => value / 100 + (trial === 2 ? 0.004 : 0)),
);
const rowsOf = (cell = (value: number): string => String(value)): readonly string[] =>
  Array.from({ length: 300 }, (_, row) => returns.map((values) => cell(values[row]!)).join());

function fileOf(header: string, rows: readonly string[]): string {
  const file = path.join(folder, 'trials.csv');
  writeFileSync(file, [header, ...rows, ''].join('\n'));
  return file;
}

describe('overfit', () => {
  it('tells what the pipeline finds, of the rows that all trials have', async () => {
    const file = fileOf(names.join(), [...rowsOf(), ',0.5,0.5,0.5']);
    const { exitCode, out } = await plimsoll(`overfit --trials ${file} --json`);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual({
      file,
      rows: { used: 300, withoutFigure: 1 },
      from: null,
      to: null,
      ...overfitReport({ names, returns }),
    });
    expect(JSON.parse(out)).toMatchObject({ selected: { name: 'c' }, verdict: 'accepted' });
  });

  it('takes more trials, other blocks and splits, and refuses what then does not stand', async () => {
    const file = fileOf(names.join(), rowsOf());
    const { out } = await plimsoll(
      `overfit --trials ${file} --trial-count 100000 --risk-free 0.3 --periods 252 --blocks 4 --groups 5 --test-groups 1 --purge 2 --embargo 1 --json`,
    );
    expect(JSON.parse(out)).toMatchObject({
      trials: { count: 100_000 },
      overfitting: { blocks: 4, combinations: 6 },
      paths: { splits: 5 },
    });
  });

  it('is a table for people, every criterion with its verdict', async () => {
    const { out } = await plimsoll(`overfit --trials ${fileOf(names.join(), rowsOf())}`);
    expect(out).toMatch(/^best of +4 trials: c$/m);
    expect(out).toMatch(/^deflatedSharpe +at least 0.95 +\S+ +pass$/m);
    expect(out).toMatch(/^accepted$/m);
  });

  it.each([
    ['one trial', 'a', rowsOf().map((row) => row.split(',')[0]!), ''],
    ['few rows', names.join(), rowsOf().slice(0, 20), ''],
    ['an odd number of blocks', names.join(), rowsOf(), '--blocks 5'],
    ['fewer trials in all than in the file', names.join(), rowsOf(), '--trial-count 3'],
    ['a purge of everything', names.join(), rowsOf(), '--purge 300'],
  ])('refuses %s', async (...[, header, rows, options]) => {
    const { exitCode, error } = await plimsoll(`overfit --trials ${fileOf(header, rows)} ${options} --json`);
    expect(exitCode).toBe(1);
    expect(error).toContain('TRIALS_INSUFFICIENT');
  });

  it('refuses a return under -1', async () => {
    const { error } = await plimsoll(`overfit --trials ${fileOf('a,b', ['0.1,-2', '0.1,0'])} --json`);
    expect(error).toContain('RETURNS_IMPOSSIBLE');
  });

  it.each(['--blocks x', '--risk-free x'])('does not understand %s', async (option) => {
    const { exitCode } = await plimsoll(`overfit --trials ${fileOf('a,b', ['0.1,0.2'])} ${option}`);
    expect(exitCode).toBe(2);
  });
});
