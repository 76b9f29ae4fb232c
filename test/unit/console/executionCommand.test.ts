import { describe, expect, it } from 'vitest';
import { plimsoll } from './commandLine.ts';

const example =
  'execution schedule --quantity 1000000 --price 50 --days 5 --periods 5 --spread-dollars 0.125 ' +
  '--average-daily-volume 5000000';
const told = async (line: string): Promise<Record<string, unknown>> => {
  const { out, error } = await plimsoll(`${line} --json`);
  expect(error).toBe('');
  return JSON.parse(out) as Record<string, unknown>;
};

describe('execution schedule', () => {
  it('is the example of Almgren and Chriss', async () => {
    const schedule = await told(`${example} --volatility-dollars 0.95`);
    expect(schedule['problem']).toEqual({
      quantity: 1_000_000,
      periods: 5,
      horizonDays: 5,
      volatility: 0.95,
      fixedCost: 0.0625,
      permanentImpact: 2.5e-7,
      temporaryImpact: 2.5e-6,
      drift: 0,
    });
    expect(schedule['riskAversion']).toBe(1e-6);
    expect(schedule['urgency']).toBeCloseTo(0.607, 3);
    expect(schedule['trades']).toEqual([458_044, 252_102, 141_957, 85_755, 62_142]);
    expect(schedule['valueAtRisk']).toBeCloseTo(
      (schedule['expectedCost'] as number) + 1.644_854 * (schedule['standardDeviation'] as number),
      0,
    );
    expect(schedule['frontier']).toBeNull();
  });

  it('takes a volatility a year, and tells the frontier with the least value at risk', async () => {
    const { frontier, problem } = (await told(`${example} --volatility 0.3 --frontier 12`)) as {
      readonly problem: { readonly volatility: number };
      readonly frontier: {
        readonly schedules: readonly { readonly expectedCost: number; readonly valueAtRisk: number }[];
        readonly leastValueAtRisk: { readonly valueAtRisk: number; readonly trades: readonly number[] };
      };
    };
    // 30 percent a year of 50 dollars: the 0.95 dollars of the paper, in round figures.
    expect(problem.volatility).toBeCloseTo(0.945, 3);
    expect(frontier.schedules).toHaveLength(12);
    expect(frontier.schedules[0]!.expectedCost).toBeCloseTo(662_500, 6);
    const least = Math.min(...frontier.schedules.map(({ valueAtRisk }) => valueAtRisk));
    expect(frontier.leastValueAtRisk.valueAtRisk).toBeLessThanOrEqual(least);
    expect(frontier.leastValueAtRisk.trades).toHaveLength(5);
  });

  it('says it to people', async () => {
    const { out } = await plimsoll(`${example} --volatility-dollars 0.95 --frontier 4`);
    expect(out).toMatch(/^0 +458,044 +541,956$/m);
    expect(out).toMatch(/^least value at risk +1\.694 \/ 1e6 /m);
    const even = await plimsoll(`${example} --volatility-dollars 0.95 --risk-aversion 0`);
    expect(even.out).toMatch(/^this schedule .*\$662,500\.00 +\$1,040,672\.86 .*none$/m);
  });

  it.each([
    ['', /either --volatility or --volatility-dollars/],
    ['--volatility 0.3 --volatility-dollars 0.95', /either --volatility/],
    ['--volatility 0.3 --drift-dollars 0.02 --risk-aversion 0', /drift/],
    ['--volatility 0.3 --permanent-impact 1', /temporaryImpact/],
    ['--volatility 0.3 --confidence 1', /confidence/],
    ['--volatility 0.3 --frontier 2', /frontier/],
  ])('refuses what is no problem: %s', async (said, words) => {
    const { error } = await plimsoll(`${example} ${said}`);
    expect(error).toMatch(/^COST_INPUT_INVALID/);
    expect(error).toMatch(words);
  });

  it('needs impact, by rule of thumb or given', async () => {
    const bare = 'execution schedule --quantity 10 --price 50 --volatility 0.2';
    expect((await plimsoll(bare)).error).toMatch(/^COST_INPUT_INVALID: .*--average-daily-volume/);
    const given = await told(`${bare} --permanent-impact 0 --temporary-impact 0.001`);
    expect((given['trades'] as readonly number[]).reduce((sum, count) => sum + count, 0)).toBe(10);
  });
});
