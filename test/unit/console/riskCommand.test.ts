import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tailRisk } from '#domain/risk/valueAtRisk.ts';
import { plimsoll } from './commandLine.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-risk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`);
  return path.join(folder, name);
};
const returnOf = (phase: number, row: number): number => Math.sin(row * row + phase) ** 9 / 50;
const rows = Array.from({ length: 300 }, (_, row) => row);
const dayOf = (row: number): string => new Date(Date.UTC(2023, 0, 1 + row)).toISOString().slice(0, 10);
const two = file('two.csv', [
  'date,A,B',
  ...rows.map((row) => `${dayOf(row)},${returnOf(0, row)},${returnOf(1, row)}`),
]);
const weights = file('weights.csv', ['name,weight', 'B,0.25', 'A,0.75']);

interface Told {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
  readonly standardErrors?: { readonly valueAtRisk: number };
  readonly weights: Readonly<Record<string, number>>;
  readonly normalComponents?: { readonly valueAtRisk: number; readonly component: Readonly<Record<string, number>> };
  readonly components?: { readonly method: string; readonly component: Readonly<Record<string, number>> };
  readonly backtest?: { readonly sessions: number; readonly frequency: { readonly probability: number } };
}

const ask = async (line: string): Promise<Told> => {
  const { exitCode, out, error } = await plimsoll(`risk var ${line} --json`);
  expect(error).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(out) as Told;
};
const refusal = async (line: string): Promise<{ readonly code: string; readonly message: string }> => {
  const { exitCode, error } = await plimsoll(`risk var ${line} --json`);
  expect(exitCode).not.toBe(0);
  return (JSON.parse(error) as { error: { code: string; message: string } }).error;
};

describe('risk var', () => {
  it.each(['historical', 'normal', 'student-t', 'cornish-fisher', 'filtered'] as const)(
    'tells the tail of the weighted portfolio by %s',
    async (method) => {
      const told = await ask(`--returns ${two} --weights ${weights} --method ${method} --confidence 0.99`);
      const portfolio = Float64Array.from(rows, (row) => 0.75 * returnOf(0, row) + 0.25 * returnOf(1, row));
      const known = tailRisk(method, portfolio, 0.99);
      expect(told.valueAtRisk).toBeCloseTo(known.valueAtRisk, 12);
      expect(told.expectedShortfall).toBeCloseTo(known.expectedShortfall, 12);
      expect(told.weights).toEqual({ A: 0.75, B: 0.25 });
    },
  );

  it('holds equal parts without weights, and takes the normal figure apart by asset', async () => {
    const told = await ask(`--returns ${two} --method normal`);
    expect(told.weights).toEqual({ A: 0.5, B: 0.5 });
    const { valueAtRisk, component } = told.normalComponents!;
    expect(component['A']! + component['B']!).toBeCloseTo(valueAtRisk, 12);
    expect(valueAtRisk).toBeCloseTo(told.valueAtRisk, 12);
  });

  it.each(['historical', 'student-t', 'cornish-fisher'] as const)(
    'takes the figure by %s apart too',
    async (method) => {
      const line = `--returns ${two} --weights ${weights} --method ${method} --confidence 0.99`;
      const { components, valueAtRisk } = await ask(line);
      expect(components).toMatchObject({ method });
      expect(components!.component['A']! + components!.component['B']!).toBeCloseTo(valueAtRisk, 6);
      const { out } = await plimsoll(`risk var ${line}`);
      expect(out).toMatch(/asset +weight +marginal +component +part of the whole/);
    },
  );

  it('takes no figure apart that has no slopes', async () => {
    expect(await ask(`--returns ${two} --method filtered`)).not.toHaveProperty('components');
  });

  it('states the standard error of a simulation, whose seed decides it', async () => {
    const line = `--returns ${two} --method monte-carlo --scenarios 20000`;
    const [first, again, other] = [await ask(line), await ask(line), await ask(`${line} --seed 2`)];
    expect(first).toEqual(again);
    expect(other.valueAtRisk).not.toBe(first.valueAtRisk);
    expect(first.standardErrors!.valueAtRisk).toBeGreaterThan(0);
  });

  it('tests what it would have said', async () => {
    const { backtest } = await ask(`--returns ${two} --backtest --window 100`);
    expect(backtest).toMatchObject({ sessions: 200, windowSessions: 100 });
    const { out } = await plimsoll(`risk var --returns ${two} --backtest --window 100 --method monte-carlo`);
    expect(out).toMatch(/^Value at risk +0\.0\d+ \(standard error .*\)$/m);
    expect(out).toMatch(/^Kupiec, frequency +p /m);
  });

  it('leaves out rows with an empty cell, and says how many', async () => {
    const holes = file('holes.csv', [
      'date,A',
      '2024-01-01,0.01',
      '2024-01-02,',
      '2024-01-03,-0.02',
      '2024-01-04,0.01',
    ]);
    expect(await ask(`--returns ${holes}`)).toMatchObject({ sessions: 3, rowsWithoutFigure: 1, from: '2024-01-01' });
  });

  it.each([
    ['no line for a column', ['name,weight', 'A,1'], 'no weight for B'],
    ['a line for no column', ['name,weight', 'A,1', 'B,0', 'C,0'], 'no returns of C'],
    ['a name twice', ['name,weight', 'A,1', 'A,1'], 'A comes twice'],
    ['a weight that is no figure', ['name,weight', 'A,1', 'B,much'], 'no name and figure: B,much'],
  ])('refuses weights with %s: RISK_WEIGHTS_UNREADABLE', async (_, lines, message) => {
    const told = await refusal(`--returns ${two} --weights ${file('wrong.csv', lines)}`);
    expect([told.code, told.message]).toEqual(['RISK_WEIGHTS_UNREADABLE', expect.stringContaining(message)]);
  });

  it.each([
    ['a window that leaves nothing', `--returns ${two} --backtest --window 300`, 'leaves none'],
    ['too few scenarios', `--returns ${two} --method monte-carlo --scenarios 10`, 'cannot simulate 10'],
    ['returns that stand still', `--returns ${file('flat.csv', ['A', '0', '0', '0'])} --method normal`, 'do not vary'],
  ])('refuses %s: RISK_METHOD_UNFIT', async (_, line, message) => {
    const told = await refusal(line);
    expect([told.code, told.message]).toEqual(['RISK_METHOD_UNFIT', expect.stringContaining(message)]);
  });

  it('refuses a return that no account can have, a confidence that is none, and a file that is not there', async () => {
    const impossible = file('impossible.csv', ['A', '0.1', '-1.5']);
    expect(await refusal(`--returns ${impossible}`)).toMatchObject({ code: 'RETURNS_IMPOSSIBLE' });
    expect(await refusal(`--returns ${two} --confidence 95`)).toMatchObject({ code: 'COMMAND_UNKNOWN' });
    expect(await refusal(`--returns ${two} --weights /nowhere.csv`)).toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
