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
const lossUnder = (shock: StressShock): number | null =>
  stressLosses([long, short], 100_000, [scenario(shock)])[0]!.loss;

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
    expect(new Set(stressScenarios.map(({ shock }) => shock.kind)).size).toBe(6);
  });

  it('move each position by what it is sensitive to', () => {
    expect(lossUnder({ kind: 'indexFall', fraction: 0.2 })).toBeCloseTo(60_000 * 0.3 - 20_000 * 0.2, 8);
    expect(lossUnder({ kind: 'ratesRise', basisPoints: 200 })).toBeCloseTo(40_000 * 0.06, 8);
    expect(lossUnder({ kind: 'correlationsToOne', deviations: 4 })).toBeCloseTo(40_000 * 0.08, 8);
    // Spreads are paid by long and short alike.
    expect(lossUnder({ kind: 'liquidity', spreadMultiple: 10 })).toBeCloseTo(80_000 * 0.005, 8);
  });

  it('open a market beyond every stop: what falls is a fall like another', () =>
    expect(lossUnder({ kind: 'gapThroughStop', fraction: 0.2, stopFraction: 0.05 })).toBeCloseTo(
      60_000 * 0.3 - 20_000 * 0.2,
      8,
    ));

  it('of half the volume cost half the spread and the square root of the order over what trades', () => {
    const shock = { kind: 'volumeFalls', volumeFraction: 0.5, participationFraction: 0.1 } as const;
    const traded = [
      { ...long, dailyValueTraded: 1_200_000 },
      { ...short, dailyValueTraded: 160_000 },
    ];
    const [told] = stressLosses(traded, 100_000, [scenario(shock)]);
    const byPosition = { A: 60_000 * (0.0005 + 0.02 * Math.sqrt(0.1)), B: 20_000 * (0.0005 + 0.02 * Math.sqrt(0.25)) };
    expect(told!.byPosition['A']).toBeCloseTo(byPosition.A, 8);
    expect(told!.byPosition['B']).toBeCloseTo(byPosition.B, 8);
    expect(told!.loss).toBeCloseTo(byPosition.A + byPosition.B, 8);
  });

  it('of half the volume say nothing of a position whose volume nobody knows', () => {
    const shock = { kind: 'volumeFalls', volumeFraction: 0.5, participationFraction: 0.1 } as const;
    const known = { ...long, dailyValueTraded: 1e9 };
    expect(stressLosses([known, short], 1e5, [scenario(shock)])).toMatchObject([
      { loss: null, lossFraction: null, byPosition: { B: null } },
    ]);
    expect(stressLosses([known], 1e5, [scenario(shock)])[0]!.loss).toBeGreaterThan(0);
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
    [{ ...long, dailyValueTraded: 0 }],
  ])('refuse figures that say nothing: %o', (position) =>
    expect(() => stressLosses([position], 1, stressScenarios)).toThrow(RangeError),
  );

  it('refuse a symbol that comes twice', () =>
    expect(() => stressLosses([long, long], 1, stressScenarios)).toThrow('more than one position'));
});
