import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exponentialCorrelation, rollingCorrelation } from '#domain/risk/correlation.ts';
import { stressScenarios } from '#domain/stressScenarios.ts';
import { plimsoll } from './commandLine.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-risk-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`);
  return path.join(folder, name);
};

async function ask<Told>(line: string): Promise<Told> {
  const { exitCode, out, error } = await plimsoll(`${line} --json`);
  expect(error).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(out) as Told;
}
async function refusal(line: string): Promise<string> {
  const { exitCode, error } = await plimsoll(`${line} --json`);
  expect(exitCode).not.toBe(0);
  const { code, message } = (JSON.parse(error) as { error: { code: string; message: string } }).error;
  return `${code}: ${message}`;
}

describe('risk correlation', () => {
  const rows = Array.from({ length: 260 }, (_, row) => row);
  const dayOf = (row: number): string => new Date(Date.UTC(2023, 0, 1 + row)).toISOString().slice(0, 10);
  const a = rows.map((row) => Math.sin(row * row) / 50);
  // It follows A until its last quarter, in which it goes its own way.
  const b = rows.map((row) => (row < 197 ? a[row]! : 0) + Math.cos(row ** 3) / 100);
  const c = rows.map((row) => Math.cos(3 * row * row) / 50);
  const three = file('three.csv', ['date,A,B,C', ...rows.map((row) => [dayOf(row), a[row], b[row], c[row]].join(','))]);
  const one = file('one.csv', ['date,A', ...rows.map((row) => `${dayOf(row)},${a[row]}`)]);

  interface Told {
    readonly sessions: number;
    readonly pairs: readonly {
      readonly pair: readonly string[];
      readonly rolling: number;
      readonly exponential: number;
    }[];
    readonly breaks: readonly { readonly pair: readonly string[]; readonly before: number; readonly now: number }[];
    readonly overTime?: readonly { readonly session: string; readonly rolling: number | null }[];
  }

  it('tells every pair as it stands, and the one that broke', async () => {
    const told = await ask<Told>(`risk correlation --returns ${three}`);
    expect(told.pairs.map(({ pair }) => pair.join(''))).toEqual(['AB', 'AC', 'BC']);
    const [first] = told.pairs;
    const [left, right] = [Float64Array.from(a), Float64Array.from(b)];
    expect(first!.rolling).toBeCloseTo(rollingCorrelation(left, right, 63).at(-1)!, 12);
    expect(first!.exponential).toBeCloseTo(exponentialCorrelation(left, right, 0.94).at(-1)!, 12);
    expect(told.breaks.map(({ pair }) => pair.join(''))).toEqual(['AB']);
    expect(told.breaks[0]!.before).toBeGreaterThan(0.7);
    expect(Math.abs(told.breaks[0]!.now)).toBeLessThan(0.3);
  });

  it('tells one pair over time, without a figure until its window is full', async () => {
    const { overTime, pairs } = await ask<Told>(`risk correlation --returns ${three} --pair C,A --window 100`);
    expect(overTime).toHaveLength(260);
    expect([overTime![98]!.rolling, overTime![0]!.session]).toEqual([null, '2023-01-01']);
    expect(overTime![99]!.rolling).toBeCloseTo(
      rollingCorrelation(Float64Array.from(c), Float64Array.from(a), 100)[0]!,
      12,
    );
    expect(overTime!.at(-1)!.rolling).toBe(pairs[0]!.rolling);
  });

  it('shows people a table and a sentence for each break', async () => {
    const { out } = await plimsoll(`risk correlation --returns ${three}`);
    expect(out).toMatch(/^pair +last 63 sessions +exponential/);
    expect(out).toMatch(/A B broke: 0\.\d+ before, .* deviations\./);
    const calm = await plimsoll(`risk correlation --returns ${three} --deviations 99`);
    expect(calm.out).toContain('than chance explains');
  });

  it.each([
    [one, '', /^RISK_METHOD_UNFIT: one asset/],
    [three, '--window 500', /^RISK_METHOD_UNFIT: no correlation over 500/],
    [three, '--recent 259', /^RISK_METHOD_UNFIT: 259 of 260/],
    [three, '--pair A,Z', /^COMMAND_UNKNOWN: the file has no column Z/],
    [three, '--pair A', /^COMMAND_UNKNOWN/],
  ])('refuses %s %s', async (returns, options, message) =>
    expect(await refusal(`risk correlation --returns ${returns} ${options}`)).toMatch(message),
  );
});

describe('risk stress', () => {
  const positions = ['symbol,value,beta,deviation,half_spread,duration', 'AAPL,60000,1.2,0.02,0.0001,0'];
  const held = file('held.csv', [...positions, 'TLT,-20000,-0.2,0.01,0.0002,17']);
  const bare = file('bare.csv', ['symbol,value,beta,deviation,half_spread', 'AAPL,60000,1.2,0.02,0.0001']);
  const own = file('own.yaml', [
    '- { name: dip, title: A dip, shock: { kind: indexFall, fraction: 0.1 }, source: us }',
  ]);
  const wrong = file('wrong.yaml', ['- { name: dip, title: A dip, shock: { kind: meteor }, source: us }']);

  interface Told {
    readonly equity: number;
    readonly scenarios: readonly {
      readonly scenario: string;
      readonly loss: number | null;
      readonly lossFraction: number | null;
      readonly byPosition: Readonly<Record<string, number>>;
      readonly source: string;
    }[];
  }

  it('tells what every standard scenario would take, with its source', async () => {
    const { scenarios, equity } = await ask<Told>(`risk stress --portfolio ${held} --cash 10000`);
    expect(equity).toBe(50_000);
    expect(scenarios.map(({ scenario }) => scenario)).toEqual(stressScenarios.map(({ name }) => name));
    const rates = scenarios.find(({ scenario }) => scenario === 'rates-up-200')!;
    // Two points at seventeen years are 34 percent of what was sold short: a gain.
    expect(rates.loss).toBeCloseTo(-6_800, 9);
    const crash = scenarios.find(({ scenario }) => scenario === 'crash-1987')!;
    const fall = (282.7 - 224.84) / 282.7;
    expect(crash.loss).toBeCloseTo(60_000 * 1.2 * fall + 20_000 * 0.2 * fall, 9);
    expect(crash.lossFraction).toBeCloseTo(crash.loss! / 50_000, 12);
    expect(crash.byPosition['AAPL']).toBeCloseTo(60_000 * 1.2 * fall, 9);
    expect(crash.source).toContain('S&P 500');
  });

  it('takes scenarios of a file, one of them alone, and no duration for none', async () => {
    const dip = await ask<Told>(`risk stress --portfolio ${bare} --scenarios ${own} --scenario dip`);
    expect(dip.scenarios).toMatchObject([{ scenario: 'dip', loss: expect.closeTo(7_200, 9), source: 'us' }]);
    const { out } = await plimsoll(`risk stress --portfolio ${bare} --scenario rates-up-200`);
    expect(out).toMatch(/rates-up-200 +\$0\.00 +0 +Yields up/);
  });

  it('knows what less volume takes only where what trades is told', async () => {
    const traded = file('traded.csv', [`${positions[0]!},traded`, `${positions[1]!},9000000`]);
    const thin = '--scenario liquidity-halved';
    expect((await ask<Told>(`risk stress --portfolio ${held} ${thin}`)).scenarios).toMatchObject([
      { loss: null, lossFraction: null },
    ]);
    expect((await plimsoll(`risk stress --portfolio ${held} ${thin}`)).out).toContain('not known');
    expect((await ask<Told>(`risk stress --portfolio ${traded} ${thin}`)).scenarios[0]!.loss).toBeGreaterThan(0);
  });

  it('knows no part of equity where there is none', async () => {
    const short = file('short.csv', [positions[0]!, 'AAPL,-1,1,0.02,0.0001,0']);
    const { scenarios } = await ask<Told>(`risk stress --portfolio ${short} --scenario pandemic-2020`);
    expect(scenarios[0]!.lossFraction).toBeNull();
    expect((await plimsoll(`risk stress --portfolio ${short}`)).out).toContain('there is none');
  });

  it.each([
    ['a column that is missing', ['symbol,value,beta', 'AAPL,1,1'], 'it has no column deviation, half_spread'],
    ['a cell that is no figure', [positions[0]!, 'AAPL,much,1,0.1,0.1,0'], 'position 1 has no value'],
    ['a line with too few cells', [positions[0]!, 'AAPL,1,1'], 'has not 6 cells'],
    ['no positions', [positions[0]!], 'it has no positions'],
    ['a symbol twice', [...positions, positions[1]!], 'more than one position'],
    ['a negative deviation', [positions[0]!, 'AAPL,1,1,-0.1,0.1,0'], 'cannot be stressed'],
  ])('refuses %s', async (name, lines, problem) => {
    const told = await refusal(`risk stress --portfolio ${file(`${name.replaceAll(' ', '-')}.csv`, lines)}`);
    expect(told).toMatch(/^PORTFOLIO_INPUT_INVALID/);
    expect(told).toContain(problem);
  });

  it('refuses a file that is not there, and a scenario that nobody knows', async () => {
    expect(await refusal('risk stress --portfolio /nowhere.csv')).toMatch(/^FILE_UNREADABLE/);
    expect(await refusal(`risk stress --portfolio ${held} --scenario plague`)).toMatch(
      /no scenario plague: there are crash/,
    );
    expect(await refusal(`risk stress --portfolio ${held} --scenarios ${wrong}`)).toMatch(
      /^PORTFOLIO_INPUT_INVALID.*shock/,
    );
  });
});
