import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { returnFigures, type ReturnFigures } from '#pipelines/metrics.ts';
import { plimsoll } from './commandLine.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-metrics-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const returnsOf = (phase: number): readonly number[] =>
  Array.from({ length: 30 }, (_, row) => Math.sin(row * row + phase) / 100);
const dayOf = (row: number): string => new Date(Date.UTC(2024, 0, 1 + row)).toISOString().slice(0, 10);

/** A file of returns by day; the first day is `firstDay` after the first of January. */
function fileOf(column: string, values: readonly number[], firstDay = 0): string {
  const file = path.join(folder, `${column}.csv`);
  const rows = values.map((value, row) => `${dayOf(firstDay + row)},${value}`);
  writeFileSync(file, [`date,${column}`, ...rows, ''].join('\n'));
  return file;
}

interface Told {
  readonly metrics: ReturnFigures;
  readonly benchmark?: { readonly metrics: ReturnFigures };
}

describe('metrics', () => {
  it('tells every figure of the days that both files have, and how many those are', async () => {
    const [ours, theirs] = [returnsOf(0), returnsOf(1)];
    const [r, b] = [fileOf('fund', ours), fileOf('index', theirs, 5)];
    const { exitCode, out } = await plimsoll(
      `metrics --returns ${r} --benchmark ${b} --risk-free 0.02 --periods 52 --json`,
    );
    expect(exitCode).toBe(0);
    const told = JSON.parse(out) as Told;
    const terms = { riskFreeRate: 0.02, periodsPerYear: 52 };
    expect(told.metrics).toEqual(returnFigures(ours.slice(5), theirs.slice(0, 25), terms));
    expect(told.benchmark!.metrics).toEqual(returnFigures(theirs.slice(0, 25), undefined, terms));
    expect(told).toMatchObject({
      series: 'fund',
      benchmark: { series: 'index' },
      ...terms,
      join: 'time, rows of both files',
      rows: { returns: 30, benchmark: 30, common: 25, withoutFigure: 0 },
      from: '2024-01-06',
      to: '2024-01-30',
    });
  });

  it('dates the deepest fall', async () => {
    const r = fileOf('fund', [0.1, -0.1, -0.1, 0.5]);
    const { out } = await plimsoll(`metrics --returns ${r} --json`);
    expect(JSON.parse(out)).toMatchObject({
      drawdown: { fraction: 1 - 0.81, peak: '2024-01-01', trough: '2024-01-03', recovered: '2024-01-04' },
      metrics: { sessions: 4, sharpe: null },
    });
  });

  it('is a table for people, a dash where a figure is undefined', async () => {
    const { out } = await plimsoll(`metrics --returns ${fileOf('fund', [0.1, -0.1])}`);
    expect(out).toMatch(/^Total return +−1.00 %$/m);
    expect(out).toMatch(/^Sharpe ratio +–$/m);
    expect(out).toMatch(/^2 of 2 rows, 2024-01-01 to 2024-01-02$/m);
  });

  it.each(['--risk-free x', '--risk-free -1', '--periods 0', '--periods'])('refuses %s', async (option) => {
    const { exitCode } = await plimsoll(`metrics --returns ${fileOf('fund', [0.1])} ${option}`);
    expect(exitCode).toBe(2);
  });
});
