import { describe, expect, it } from 'vitest';
import { stressLosses, type StressedPosition } from '#domain/risk/stress.ts';
import { stressScenarios, type StressScenario, type StressShock } from '#domain/stressScenarios.ts';

const long: StressedPosition = {
  symbol: 'A',
  value: 60_000,
  beta: 1.5,
  dailyDeviation: 0.02,
  durationYears: 3,
  halfSpreadFraction: 0.0005,
};
const short: StressedPosition = { ...long, symbol: 'B', value: -20_000, beta: 1 };
const scenario = (shock: StressShock): StressScenario => ({ name: 's', title: 's', shock, source: 's' });
const lossUnder = (shock: StressShock): number => stressLosses([long, short], 100_000, [scenario(shock)])[0]!.loss;

describe('stress scenarios', () => {
  it('hold the falls of the index that are in every history book', () => {
    const falls = stressScenarios.flatMap(({ name, shock }) =>
      shock.kind === 'indexFall' ? [[name, Math.round(shock.fraction * 10_000) / 100]] : [],
    );
    expect(falls).toEqual([
      ['crash-1987', 20.47],
      ['dot-com-2000', 49.15],
      ['financial-crisis-2008', 56.78],
      ['flash-crash-2010', 8.58],
      ['pandemic-2020', 33.92],
      ['inflation-2022', 25.43],
    ]);
    expect(new Set(stressScenarios.map(({ name }) => name)).size).toBe(stressScenarios.length);
    expect(new Set(stressScenarios.map(({ shock }) => shock.kind)).size).toBe(4);
  });

  it('move each position by what it is sensitive to', () => {
    expect(lossUnder({ kind: 'indexFall', fraction: 0.2 })).toBeCloseTo(60_000 * 0.3 - 20_000 * 0.2, 8);
    expect(lossUnder({ kind: 'ratesRise', basisPoints: 200 })).toBeCloseTo(40_000 * 0.06, 8);
    expect(lossUnder({ kind: 'correlationsToOne', deviations: 4 })).toBeCloseTo(40_000 * 0.08, 8);
    // Spreads are paid by long and short alike.
    expect(lossUnder({ kind: 'liquidity', spreadMultiple: 10 })).toBeCloseTo(80_000 * 0.005, 8);
  });

  it('take no more from a long position than it is worth, and say what each position loses', () => {
    const [told] = stressLosses([long, short], 100_000, [scenario({ kind: 'indexFall', fraction: 0.9 })]);
    expect(told).toEqual({ scenario: 's', loss: 42_000, lossFraction: 0.42, byPosition: { A: 60_000, B: -18_000 } });
    expect(stressLosses([long], 0, stressScenarios)[0]!.lossFraction).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [{ ...long, beta: Number.NaN }],
    [{ ...long, dailyDeviation: -0.1 }],
    [{ ...long, halfSpreadFraction: -0.1 }],
  ])('refuse figures that say nothing: %o', (position) =>
    expect(() => stressLosses([position], 1, stressScenarios)).toThrow(RangeError),
  );

  it('refuse a symbol that comes twice', () =>
    expect(() => stressLosses([long, long], 1, stressScenarios)).toThrow('more than one position'));
});
