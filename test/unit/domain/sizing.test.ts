import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kellyFraction } from '#domain/positionSize.ts';
import { equalWeights, explainWeights, sizeForecasts, sizeWeights, targetsUnder } from '#domain/sizing.ts';
import { sessionsPerYear } from '#domain/sessionsPerYear.ts';

const limits = { positionFractionMax: 0.15, leverageMax: 1, volatilityTargetFraction: 0.15, confidenceMin: 0 };
const free = { ...limits, positionFractionMax: 10, leverageMax: 100 };
const forecasts = fc.uniqueArray(
  fc.record({
    symbol: fc.stringMatching(/^[A-Z]{1,5}$/),
    mean: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
    standardDeviation: fc.double({ min: 1e-4, max: 0.2, noNaN: true }),
  }),
  { selector: ({ symbol }) => symbol, maxLength: 30 },
);
const sum = (weights: Readonly<Record<string, number>>): number =>
  Object.values(weights).reduce((total, weight) => total + weight, 0);
const record = { trades: 100, winProbability: 0.6, averageWin: 200, averageLoss: 100, fractionMax: 0.25 };

describe('sizing forecasts', () => {
  it('keeps to the position cap and to the leverage, long only, whatever the forecasts', () =>
    fc.assert(
      fc.property(forecasts, (given) => {
        const weights = sizeForecasts(given, limits);
        for (const weight of Object.values(weights)) {
          expect(weight).toBeGreaterThanOrEqual(0);
          expect(weight).toBeLessThanOrEqual(limits.positionFractionMax);
        }
        expect(sum(weights)).toBeLessThanOrEqual(limits.leverageMax * (1 + 1e-12));
        expect(Object.keys(weights).sort()).toEqual(given.map(({ symbol }) => symbol).sort());
      }),
    ));

  it('aims at the volatility asked for when no cap binds', () => {
    const given = [
      { symbol: 'A', mean: 0.001, standardDeviation: 0.02 },
      { symbol: 'B', mean: 0.002, standardDeviation: 0.01 },
    ];
    const weights = sizeForecasts(given, free);
    const volatility = ((weights.A ?? 0) * 0.02 + (weights.B ?? 0) * 0.01) * Math.sqrt(sessionsPerYear);
    expect(volatility).toBeCloseTo(0.15, 12);
    // Mean over variance: 2.5 to 20.
    expect((weights.B ?? 0) / (weights.A ?? 1)).toBeCloseTo(8, 12);
  });

  it('never exceeds the volatility aimed at', () =>
    fc.assert(
      fc.property(forecasts, (given) => {
        const weights = sizeForecasts(given, limits);
        const daily = given.reduce((total, { symbol, standardDeviation }) => {
          return total + (weights[symbol] ?? 0) * standardDeviation;
        }, 0);
        expect(daily * Math.sqrt(sessionsPerYear)).toBeLessThanOrEqual(0.15 * (1 + 1e-9));
      }),
    ));

  it('holds nothing of a symbol that is forecast to fall', () =>
    expect(sizeForecasts([{ symbol: 'A', mean: -0.01, standardDeviation: 0.02 }], limits)).toEqual({ A: 0 }));

  it('trades at the confidence asked for and not under it', () => {
    const gate = { ...free, confidenceMin: 0.5 };
    const given = [
      { symbol: 'AT', mean: 0.01, standardDeviation: 0.02 },
      { symbol: 'UNDER', mean: 0.0099, standardDeviation: 0.02 },
    ];
    const weights = sizeForecasts(given, gate);
    expect(weights.AT).toBeGreaterThan(0);
    expect(weights.UNDER).toBe(0);
  });

  it('leaves in cash what the position cap cuts off', () =>
    expect(sizeForecasts([{ symbol: 'A', mean: 0.01, standardDeviation: 0.01 }], limits)).toEqual({ A: 0.15 }));

  it.each([
    [Number.NaN, 0.02],
    [Number.POSITIVE_INFINITY, 0.02],
    [0.01, 0],
    [0.01, -0.02],
    [0.01, Number.NaN],
    [0.01, Number.POSITIVE_INFINITY],
    [0.01, 5e-324],
  ])('refuses a forecast of %d give or take %d', (mean, standardDeviation) =>
    expect(() => sizeForecasts([{ symbol: 'A', mean, standardDeviation }], limits)).toThrow(RangeError),
  );

  it('refuses two forecasts of one symbol, and limits that limit nothing', () => {
    const forecast = { symbol: 'A', mean: 0.01, standardDeviation: 0.02 };
    expect(() => sizeForecasts([forecast, forecast], limits)).toThrow('more than one forecast');
    expect(() => sizeForecasts([forecast], { ...limits, leverageMax: Number.NaN })).toThrow(RangeError);
    expect(() => sizeForecasts([forecast], { ...limits, confidenceMin: -1 })).toThrow(RangeError);
  });
});

describe('equal weights', () => {
  it('are the same for every symbol and use all of equity', () => {
    expect(equalWeights(['A', 'B', 'C', 'D'])).toEqual({ A: 0.25, B: 0.25, C: 0.25, D: 0.25 });
    expect(equalWeights([])).toEqual({});
  });
});

describe('targets under a trading state', () => {
  const targets = { A: 0.1, B: 0.04 };
  it('are halved while reducing and nothing when halted', () => {
    expect(targetsUnder('active', targets)).toEqual(targets);
    expect(targetsUnder('reducing', targets)).toEqual({ A: 0.05, B: 0.02 });
    expect(targetsUnder('halted', targets)).toEqual({ A: 0, B: 0 });
  });
});

describe('the Kelly fraction', () => {
  it('is p - (1 - p) / b', () =>
    // 0.6 - 0.4 / 2 = 0.4, and 0.55 - 0.45 / 1 = 0.1
    expect([
      kellyFraction({ ...record, fractionMax: 1 }),
      kellyFraction({ ...record, winProbability: 0.55, averageWin: 100 }),
    ]).toEqual([expect.closeTo(0.4, 12), expect.closeTo(0.1, 12)]));

  it('is capped, and never negative', () => {
    expect(kellyFraction(record)).toBe(0.25);
    expect(kellyFraction({ ...record, winProbability: 0.2 })).toBe(0);
  });

  it.each([
    { trades: 29 },
    { averageLoss: 0 },
    { averageLoss: Number.NaN },
    { averageWin: 0 },
    { averageWin: Number.NaN },
    { winProbability: Number.NaN },
    { trades: Number.NaN },
  ])('is zero where %o says nothing', (unknown) => expect(kellyFraction({ ...record, ...unknown })).toBe(0));

  it('refuses what is no probability', () =>
    expect(() => kellyFraction({ ...record, winProbability: 1.01 })).toThrow(RangeError));
});

describe('sizing weights that somebody wants', () => {
  const wanted = fc.uniqueArray(
    fc.record({
      symbol: fc.stringMatching(/^[A-Z]{1,5}$/),
      weight: fc.double({ min: 0, max: 1, noNaN: true }),
      standardDeviation: fc.oneof(fc.constantFrom(0, Number.NaN), fc.double({ min: 1e-4, max: 0.2, noNaN: true })),
    }),
    { selector: ({ symbol }) => symbol, maxLength: 20 },
  );

  it('gives nobody more than wanted, keeps every limit and the volatility target, and holds nothing of unknown volatility', () =>
    fc.assert(
      fc.property(wanted, (given) => {
        const weights = sizeWeights(given, limits);
        const volatility = given.reduce(
          (total, { symbol, standardDeviation }) =>
            total + (weights[symbol]! > 0 ? weights[symbol]! * standardDeviation : 0),
          0,
        );
        expect(volatility * Math.sqrt(sessionsPerYear)).toBeLessThanOrEqual(0.15 * (1 + 1e-9));
        for (const { symbol, weight, standardDeviation } of given) {
          expect(weights[symbol]).toBeGreaterThanOrEqual(0);
          const most = standardDeviation > 0 ? Math.min(weight, limits.positionFractionMax) : 0;
          expect(weights[symbol]).toBeLessThanOrEqual(most);
        }
        expect(sum(weights)).toBeLessThanOrEqual(limits.leverageMax * (1 + 1e-12));
      }),
    ));

  it('leaves them as they are where no limit is met', () =>
    expect(sizeWeights([{ symbol: 'A', weight: 0.1, standardDeviation: 0.01 }], limits)).toEqual({ A: 0.1 }));

  it('is bound by the rules, but for Kelly’s, which needs an expected return', () => {
    const rules = {
      kelly: { multiple: 0.5, fractionMax: 0.25, meanShrinkage: 0 },
      fixedFractional: { fractionMax: 0.002, stopLossFraction: 0.05 },
    };
    const one = [{ symbol: 'A', weight: 0.1, standardDeviation: 0.01 }];
    expect(sizeWeights(one, { ...limits, rules: { kelly: rules.kelly } })).toEqual({ A: 0.1 });
    expect(sizeWeights(one, { ...limits, rules }).A).toBeCloseTo(0.04, 12);
    expect(explainWeights(one, { rules }).A).toMatchObject({ boundBy: 'fixedFractional' });
  });

  it('refuses a weight that cannot be held, and a symbol twice', () => {
    const given = (weight: number) => [{ symbol: 'A', weight, standardDeviation: 0.01 }];
    expect(() => sizeWeights(given(-0.1), limits)).toThrow(RangeError);
    expect(() => sizeWeights(given(Number.NaN), limits)).toThrow(RangeError);
    expect(() => sizeWeights([...given(0.1), ...given(0.1)], limits)).toThrow('more than one');
  });
});
