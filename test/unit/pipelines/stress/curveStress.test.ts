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
  const outcomes = curveStress({ sessions, strategy, benchmark, costs: none, exposure: none, ...given });
  return Object.fromEntries(outcomes.map((outcome) => [outcome.scenario, outcome]));
};

describe('stress of a curve', () => {
  it('tells every standard scenario, and a gap through a stop', () =>
    expect(Object.keys(outcomesOf({}))).toEqual([...stressScenarios.map(({ name }) => name), 'gap-through-stop']));

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

  it('is unknown, and says why, without a benchmark, costs or yields', () => {
    const outcomes = outcomesOf({ benchmark: none });
    expect(outcomes['crash-1987']).toMatchObject({ kind: 'unknown', change: null });
    expect(outcomes['rates-up-200']).toMatchObject({ kind: 'unknown', change: null });
    expect(outcomes['liquidity-dries-up']).toMatchObject({ kind: 'unknown', change: null });
    expect(outcomes['correlations-to-one']!.kind).toBe('modelled');
    expect(outcomesOf({ strategy: sessions.map(() => 0) })['correlations-to-one']!.kind).toBe('unknown');
  });
});
