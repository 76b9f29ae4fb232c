import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plimsoll } from './commandLine.ts';

interface Told {
  readonly weights: Readonly<Record<string, number>>;
  readonly sectors: Readonly<Record<string, number>>;
  readonly expected: { readonly expectedReturn: number; readonly volatility: number };
  readonly covariance: { readonly method: string; readonly repair: { readonly kind: string } };
  readonly solver: { readonly residuals: Readonly<Record<string, number>> };
}

describe('portfolio optimize', () => {
  let folder: string;
  const file = (name: string): string => path.join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-portfolio-'));
    const rows = Array.from({ length: 120 }, (_, day) => {
      const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
      const prices = [1, 2, 3, 4].map((k) => 100 * (1 + 0.0007 * k * day) * (1 + 0.01 * k * Math.sin(k * day * day)));
      return [date, ...prices.map((price) => price.toFixed(6))].join(',');
    });
    writeFileSync(file('p.csv'), `date,A,B,C,D\n${rows.join('\n')}\n`);
    const long = rows.flatMap((row) => {
      const [date, ...closes] = row.split(',');
      return closes.map((close, asset) => `${date},${'ABCD'[asset]},${close}`);
    });
    writeFileSync(file('long.csv'), `date,symbol,close\n${long.join('\n')}\n`);
    writeFileSync(file('views.yaml'), 'views:\n  - { assets: { D: 1, A: -1 }, return: 0.1, confidence: 0.7 }\n');
    writeFileSync(file('sectors.yaml'), 'risky: { assets: [C, D], max: 0.2 }\n');
    writeFileSync(file('constraints.yaml'), 'held: { A: 0.5, B: 0.5 }\nturnoverMax: 0.4\ncosts: 0.001\n');
    writeFileSync(file('wrong.yaml'), 'leverageMaximum: 2\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const told = async (options: string): Promise<Told> => {
    const { out, error, exitCode } = await plimsoll(`portfolio optimize --prices ${file('p.csv')} ${options} --json`);
    expect(error).toBe('');
    expect(exitCode).toBe(0);
    return JSON.parse(out) as Told;
  };
  const refusal = async (options: string): Promise<string> => {
    const { error, exitCode } = await plimsoll(`portfolio optimize --prices ${file('p.csv')} ${options} --json`);
    expect(exitCode).toBeGreaterThan(0);
    const { code, message } = (JSON.parse(error) as { error: { code: string; message: string } }).error;
    return `${code}: ${message}`;
  };

  it.each([
    '--objective min-variance',
    '--objective max-sharpe --expected-returns ema',
    '--objective max-sharpe --expected-returns capm --market D --covariance denoised',
    '--objective efficient-risk --target-volatility 0.6 --covariance ledoit-wolf',
    '--objective efficient-return --target-return 0.25 --covariance exponential',
    '--objective mean-cvar --confidence 0.9 --covariance ledoit-wolf-identity',
    '--objective black-litterman --views VIEWS',
    '--objective risk-parity',
    '--objective hrp --leaf-order optimal',
    '--objective hrp --leaf-order scipy',
    '--objective herc',
    '--objective herc --groups 3',
    '--objective equal-weight',
  ])('tells weights, figures and proof with %s', async (options) => {
    const { weights, expected, solver, covariance } = await told(options.replace('VIEWS', file('views.yaml')));
    expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(expected.volatility).toBeGreaterThan(0);
    expect(Math.max(...Object.values(solver.residuals))).toBeLessThan(1e-8);
    expect(covariance.repair.kind).toBe('none');
  });

  it('finds the same weights from a row for each date and symbol', async () => {
    const objective = '--objective max-sharpe --expected-returns capm --market D';
    const { out } = await plimsoll(`portfolio optimize --prices ${file('long.csv')} ${objective} --json`);
    expect((JSON.parse(out) as Told).weights).toEqual((await told(objective)).weights);
  });

  it('keeps bounds, sectors and constraints of files', async () => {
    const { weights, sectors } = await told(
      `--objective max-sharpe --bounds 0,0.7 --sectors ${file('sectors.yaml')} --constraints ${file('constraints.yaml')}`,
    );
    expect(sectors.risky).toBeCloseTo(weights.C! + weights.D!, 12);
    expect(sectors.risky).toBeLessThan(0.2 + 1e-9);
    expect(Math.abs(weights.A! - 0.5) + Math.abs(weights.B! - 0.5) + weights.C! + weights.D!).toBeLessThan(0.4 + 1e-9);
  });

  it('shows a table to people', async () => {
    const { out } = await plimsoll(`portfolio optimize --prices ${file('p.csv')} --objective risk-parity`);
    expect(out).toMatch(/^asset +weight +part of risk/);
    expect(out).toMatch(/cyclical coordinate descent: \d+ steps/);
  });

  it.each([
    ['--objective efficient-return --target-return 9', /^PORTFOLIO_INFEASIBLE: .*target return 9/],
    ['--objective efficient-risk', /^COMMAND_UNKNOWN: efficient-risk needs --target-volatility/],
    ['--objective black-litterman', /^COMMAND_UNKNOWN: black-litterman needs --views/],
    ['--objective min-variance --bounds 0', /^COMMAND_UNKNOWN/],
    ['--objective min-variance --bounds 0,0.1', /^PORTFOLIO_INFEASIBLE: .*budget 1/],
    ['--objective hrp --bounds 0,0.5', /^PORTFOLIO_CONSTRAINT_UNSUPPORTED: hrp has no place for bounds/],
    ['--objective herc --groups 5', /^PORTFOLIO_INPUT_INVALID: 4 assets cannot be cut into 5 groups/],
    ['--objective herc --bounds 0,0.5', /^PORTFOLIO_CONSTRAINT_UNSUPPORTED: herc has no place for bounds/],
    ['--objective max-sharpe --risk-free-rate 9', /^PORTFOLIO_NO_EXCESS_RETURN/],
    ['--objective min-variance --market X', /^PORTFOLIO_INPUT_INVALID: .*no prices of X/],
    ['--objective min-variance --constraints WRONG', /^PORTFOLIO_INPUT_INVALID: .*leverageMaximum/],
    ['--objective min-variance --constraints NOWHERE', /^FILE_UNREADABLE/],
  ])('refuses %s by name', async (options, message) => {
    const given = options.replace('WRONG', file('wrong.yaml')).replace('NOWHERE', file('nowhere.yaml'));
    expect(await refusal(given)).toMatch(message);
  });
});
