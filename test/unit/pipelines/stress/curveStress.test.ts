import { describe, expect, it } from 'vitest';
import { stressScenarios } from '#domain/stressScenarios.ts';
import { beta } from '#pipelines/metrics/againstBenchmark.ts';
import { totalReturn } from '#pipelines/metrics/growth.ts';
import { curveStress, type StressOutcome } from '#pipelines/stress/curveStress.ts';
import { coveredCrises } from '#pipelines/stress/coveredCrises.ts';
import { randomNumbers, weekdays } from '../randomBars.ts';

const sessions = weekdays(400);
const next = randomNumbers(2);
const benchmark = sessions.map(() => 0.02 * (next() - 0.5));
const strategy = benchmark.map((value) => 0.5 * value + 0.002 * (next() - 0.5));
const none = { unknown: 'not given' };
const outcomesOf = (given: Partial<Parameters<typeof curveStress>[0]>): Readonly<Record<string, StressOutcome>> => {
  const outcomes = curveStress({ sessions, strategy, benchmark, costs: none, exposure: none, book: none, ...given });
  return Object.fromEntries(outcomes.map((outcome) => [outcome.scenario, outcome]));
};

describe('stress of a curve', () => {
  it('tells every standard scenario, and the worst gap through a stop that was recorded', () =>
    expect(Object.keys(outcomesOf({}))).toEqual([...stressScenarios.map(({ name }) => name), 'gap-recorded']));

  it('is what the curve did where its sessions cover a fall whole', () => {
    const { fromRow, endRow } = coveredCrises(sessions)[0]!;
    const change = totalReturn(Float64Array.from(strategy.slice(fromRow, endRow)));
    expect(outcomesOf({})['pandemic-2020']).toMatchObject({ kind: 'recorded', change });
  });

  it('is beta times the recorded fall of the index where they do not, labelled as modelled', () => {
    const slope = beta(Float64Array.from(strategy), Float64Array.from(benchmark))!;
    const { 'financial-crisis-2008': crisis, 'gap-through-stop': gap } = outcomesOf({});
    expect(crisis!.kind).toBe('modelled');
    expect(crisis!.change).toBeCloseTo(slope * (676.53 / 1_565.15 - 1), 12);
    expect(crisis!.basis).toContain(`beta ${slope.toFixed(2)}`);
    expect(gap!.change).toBeCloseTo(slope * (224.84 / 282.7 - 1), 12);
    expect(gap!.basis).toContain('a stop at 5 % fills there');
  });

  it('never takes more than everything, and says when a stop is not reached', () => {
    const wild = benchmark.map((value) => 3 * value);
    expect(outcomesOf({ strategy: wild })['financial-crisis-2008']!.change).toBe(-1);
    const calm = benchmark.map((value) => 0.1 * value);
    expect(outcomesOf({ strategy: calm })['gap-through-stop']!.basis).toContain('is not reached');
  });

  it('of dried-up liquidity multiplies what trading cost, over what is held', () => {
    const costs = { dollars: { commission: 100, spread: 300 }, tradedDollars: 400_000 };
    const half = sessions.map(() => 0.5);
    expect(outcomesOf({ costs, exposure: half })['liquidity-dries-up']!.change).toBeCloseTo(-10 * 0.001 * 0.5, 12);
    expect(outcomesOf({ costs })['liquidity-dries-up']!.change).toBeCloseTo(-10 * 0.001, 12);
  });

  describe('of an account whose book is known', () => {
    const costs = { dollars: { commission: 40 }, tradedDollars: 40_000 };
    const book = {
      session: sessions[7]!,
      equityDollars: 100_000,
      positions: [
        { symbol: 'A', value: 50_000, dailyValueTraded: 500_000, dailyVolatility: 0.02 },
        { symbol: 'B', value: -20_000, dailyValueTraded: 1_000_000, dailyVolatility: 0.01 },
      ],
      stopGaps: { openings: 300, through: 0, worst: null },
    };

    it('costs the usual and the square root of each position over half its volume to leave, and takes sessions', () => {
      const impact = 50_000 * 0.02 * Math.sqrt(0.2) + 20_000 * 0.01 * Math.sqrt(0.04);
      const { change, kind, basis } = outcomesOf({ costs, book })['liquidity-halved']!;
      expect([kind, change]).toEqual(['modelled', expect.closeTo(-(impact + 70) / 100_000, 12)]);
      expect(basis).toContain('out after 2 sessions at 0.1 of what trades, A last (usually one session)');
      // Without costs the impact alone.
      expect(outcomesOf({ book })['liquidity-halved']!.change).toBeCloseTo(-impact / 100_000, 12);
    });

    it('is unknown where the bars tell no volume of something held', () => {
      const [a, b] = book.positions;
      const silent = { ...book, positions: [a!, { ...b!, dailyValueTraded: null }] };
      expect(outcomesOf({ costs, book: silent })['liquidity-halved']).toMatchObject({ kind: 'unknown', change: null });
      expect(outcomesOf({ costs })['liquidity-halved']).toMatchObject({ kind: 'unknown', basis: none.unknown });
    });

    it('has recorded how it opened through stops, or that it never did', () => {
      expect(outcomesOf({ book })['gap-recorded']).toMatchObject({ kind: 'recorded', change: 0 });
      const worst = { session: sessions[9]!, symbols: ['A'], change: -0.08, changeAtStops: -0.025 };
      const through = { ...book, stopGaps: { openings: 300, through: 2, worst } };
      expect(outcomesOf({ book: through })['gap-recorded']).toMatchObject({
        kind: 'recorded',
        change: -0.08,
        basis: `${sessions[9]}, A; −2.50 % had stops filled at their prices. 2 of 300 openings passed a stop at 5 % under the close before`,
      });
      const never = { ...book, stopGaps: { openings: 0, through: 0, worst: null } };
      expect(outcomesOf({ book: never })['gap-recorded']).toMatchObject({ kind: 'unknown', change: null });
    });
  });

  it('is unknown, and says why, without a benchmark, costs or yields', () => {
    const outcomes = outcomesOf({ benchmark: none });
    expect(outcomes['crash-1987']).toMatchObject({ kind: 'unknown', change: null });
    expect(outcomes['rates-up-200']).toMatchObject({ kind: 'unknown', change: null });
    expect(outcomes['liquidity-dries-up']).toMatchObject({ kind: 'unknown', change: null });
    expect(outcomes['correlations-to-one']!.kind).toBe('modelled');
    expect(outcomesOf({ strategy: sessions.map(() => 0) })['correlations-to-one']!.kind).toBe('unknown');
  });
});
