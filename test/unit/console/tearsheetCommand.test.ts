import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { returnFigures } from '#pipelines/metrics.ts';
import { plimsoll } from './commandLine.ts';
import { writtenFiles, type WrittenFiles } from './sheetFiles.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-sheet-'));
let files: WrittenFiles;
beforeAll(async () => {
  files = await writtenFiles(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const output = path.join(folder, 'report.html');
const sheetOf = (): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')) as Readonly<Record<string, unknown>>;

function fileOf(name: string, ...lines: readonly string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

describe('plimsoll tearsheet', () => {
  it('of returns alone writes the page and JSON beside it, tells the figures, and says what is left out', async () => {
    const { exitCode, out } = await plimsoll(`tearsheet --returns ${files.returns} --output ${output} --json`);
    expect(exitCode).toBe(0);
    const told = JSON.parse(out) as { metrics: Record<string, unknown>; leftOut: { part: string; why: string }[] };
    const returns = readFileSync(files.returns, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[1]));
    expect(told).toMatchObject({
      html: output,
      json: path.join(folder, 'report.json'),
      sessions: 300,
      from: '2020-01-01',
    });
    expect(told.metrics).toEqual({ strategy: JSON.parse(JSON.stringify(returnFigures(returns))) as unknown });
    expect(told.leftOut).toContainEqual({ part: 'Trades', why: 'no file of trades was given.' });
    expect(told.leftOut).toContainEqual({
      part: 'Beta of the last half year',
      why: 'no file of a benchmark was given.',
    });
    expect(readFileSync(output, 'utf8')).toMatch(/^<!doctype html>/);
    expect(sheetOf()).toMatchObject({ title: 'momentum', strategy: returns, leftOut: told.leftOut });
  });

  it('with benchmark and trades holds beta, costs by kind, closed trades and a simulation of its own', async () => {
    const line = `tearsheet --returns ${files.returns} --benchmark ${files.benchmark} --trades ${files.trades} --output ${output}`;
    const { exitCode, out } = await plimsoll(`${line} --title Fund --monte-carlo reshuffle --paths 50 --seed 3`);
    expect(exitCode).toBe(0);
    expect(out).toContain('benchmark');
    const sheet = sheetOf();
    expect(sheet).toMatchObject({ title: 'Fund', costs: { dollars: { commission: 300, slippage: 150 } } });
    expect(sheet.trades).toHaveLength(150);
    const { summary } = sheet.monteCarlo as { readonly summary: Readonly<Record<string, number>> };
    // Stretches between trades in other orders: all paths end where the curve ended.
    expect(summary).toMatchObject({ paths: 50 });
    expect(summary['total return, 5th percentile']).toBeCloseTo(summary['total return, median']!, 10);
  });

  it('simulates the same paths for the same seed, and others for another', async () => {
    const simulated = async (options: string): Promise<unknown> => {
      await plimsoll(`tearsheet --returns ${files.returns} --output ${output} --paths 100 ${options}`);
      return sheetOf().monteCarlo;
    };
    const first = await simulated('--monte-carlo garch --seed 5');
    expect(await simulated('--monte-carlo garch --seed 5')).toEqual(first);
    expect(await simulated('--monte-carlo garch --seed 6')).not.toEqual(first);
  });

  it('draws exposure and turnover that stand beside the returns, and takes the column that is named', async () => {
    const returns = fileOf(
      'activity.csv',
      'date,a,b,Exposure,turnover',
      '2024-01-02,0.1,0.2,0.5,0.1',
      '2024-01-03,-0.1,0.3,0.7,0.2',
    );
    expect((await plimsoll(`tearsheet --returns ${returns} --column b --output ${output}`)).exitCode).toBe(0);
    expect(sheetOf()).toMatchObject({ strategy: [0.2, 0.3], exposure: [0.5, 0.7], turnover: [0.1, 0.2] });
    const { error } = await plimsoll(`tearsheet --returns ${returns} --output ${output}`);
    expect(error).toContain('SERIES_UNKNOWN');
  });

  it('takes an instant for its day in New York', async () => {
    const returns = fileOf('instants.csv', 'time,a', '2024-01-02T21:00:00Z,0.1', '2024-01-04T02:00:00Z,0.1');
    await plimsoll(`tearsheet --returns ${returns} --output ${output}`);
    expect(sheetOf()).toMatchObject({ sessions: ['2024-01-02', '2024-01-03'] });
  });

  it.each([
    ['no dates', ['a', '0.1', '0.2'], /no column tells their dates/],
    ['two at one date', ['time,a', '2024-01-02 10:00,0.1', '2024-01-02 16:00,0.2'], /2024-01-02 has more than one/],
  ])('refuses returns with %s (RETURNS_UNDATED)', async (_, lines, told) => {
    const { exitCode, error } = await plimsoll(`tearsheet --returns ${fileOf('bad.csv', ...lines)} --output ${output}`);
    expect(exitCode).toBe(1);
    expect(error).toMatch(told);
    expect(error).toContain('RETURNS_UNDATED');
  });

  it.each(['--output report.txt', '--output r.html --paths 0', '--output r.html --monte-carlo dice'])(
    'does not understand %s',
    async (options) => {
      const { exitCode, error } = await plimsoll(`tearsheet --returns ${files.returns} ${options}`);
      expect([exitCode, error.split(':')[0]]).toEqual([2, 'COMMAND_UNKNOWN']);
    },
  );

  it('says that a short curve has no volatility to fit (SIMULATION_IMPOSSIBLE)', async () => {
    const returns = fileOf('short.csv', 'date,a', '2024-01-02,0.1', '2024-01-03,0.2');
    const { exitCode, error } = await plimsoll(`tearsheet --returns ${returns} --output ${output} --monte-carlo garch`);
    expect(exitCode).toBe(1);
    expect(error).toContain('SIMULATION_IMPOSSIBLE');
  });
});
