import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moneyFromDollars, shares } from '#domain/money.ts';
import { positionSize, wholeLots, type SizedEstimate, type SizingRules } from '#domain/positionSize.ts';
import { explainSizes, sizeForecasts } from '#domain/sizing.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { tradingTermsOf } from '#infra/configuration/tradingTerms.ts';

const estimate: SizedEstimate = { mean: 0.0001, standardDeviation: 0.02, symbols: 5 };
const kelly = { multiple: 0.5, fractionMax: 0.25, meanShrinkage: 0.8 };
const rules: SizingRules = {
  kelly,
  volatilityTargetFraction: 0.15,
  riskParityVolatilityFraction: 0.15,
  fixedFractional: { fractionMax: 0.02, stopLossFraction: 0.08 },
};

describe('the size of a position', () => {
  it('is the smallest that a rule says, and tells which and what all say', () => {
    const yearly = 0.02 * Math.sqrt(252);
    const { fraction, boundBy, fractions } = positionSize(estimate, rules);
    expect(fractions.kelly).toBeCloseTo((0.0001 * 0.8 * 0.5) / 0.0004, 12);
    expect(fractions.volatilityTarget).toBeCloseTo(0.15 / yearly, 12);
    expect(fractions.riskParity).toBeCloseTo(0.15 / 5 / yearly, 12);
    expect(fractions.fixedFractional).toBeCloseTo(0.25, 12);
    expect([fraction, boundBy]).toEqual([fractions.riskParity, 'riskParity']);
  });

  it('by Kelly is capped, halved by half, and nothing for an edge that is zero or negative', () => {
    const at = (mean: number, multiple: number): number =>
      positionSize({ ...estimate, mean }, { kelly: { ...kelly, multiple, meanShrinkage: 1 } }).fraction;
    expect(at(0.00004, 1)).toBeCloseTo(0.1, 12);
    expect(at(0.00004, 0.5)).toBeCloseTo(0.05, 12);
    expect(at(1, 1)).toBe(0.25);
    expect([at(0, 1), at(-0.01, 1)]).toEqual([0, 0]);
  });

  it('by Kelly follows the record of trades where there is one, and is nothing under thirty', () => {
    const record = { trades: 30, winProbability: 0.6, averageWin: 1, averageLoss: 1 };
    const at = (trades: number): number =>
      positionSize({ ...estimate, record: { ...record, trades } }, { kelly }).fraction;
    expect(at(30)).toBeCloseTo(0.1, 12);
    expect(at(29)).toBe(0);
  });

  it('never exceeds any rule, nor the whole', () =>
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (mean, standardDeviation, symbols) => {
          const { fraction, fractions } = positionSize({ mean, standardDeviation, symbols }, rules);
          expect(fraction).toBe(Math.min(...Object.values(fractions)));
          expect(fraction).toBeGreaterThanOrEqual(0);
          expect(fraction).toBeLessThanOrEqual(1);
        },
      ),
    ));

  it('is unbound where no rule is set', () =>
    expect(positionSize(estimate, {})).toEqual({ fraction: 1, fractions: {} }));

  it('is bought in whole lots, rounded down', () => {
    const account = { equity: moneyFromDollars(10_000), price: moneyFromDollars(33) };
    expect(wholeLots(0.5, { ...account, lotShares: shares(1) })).toBe(151);
    expect(wholeLots(0.5, { ...account, lotShares: shares(100) })).toBe(100);
    expect(() => wholeLots(-0.1, { ...account, lotShares: shares(1) })).toThrow(RangeError);
  });

  it.each([
    [{ ...estimate, standardDeviation: 0 }, rules],
    [{ ...estimate, mean: Number.NaN }, rules],
    [{ ...estimate, symbols: 0 }, rules],
    [estimate, { volatilityTargetFraction: 0 }],
    [estimate, { kelly: { ...kelly, meanShrinkage: 1.5 } }],
  ])('is refused for %o by %o', (of, by) => expect(() => positionSize(of, by)).toThrow(RangeError));
});

describe('weights of forecasts', () => {
  const limits = { positionFractionMax: 1, leverageMax: 4, volatilityTargetFraction: 1, confidenceMin: 0 };
  const forecasts = [
    { symbol: 'A', mean: 0.0001, standardDeviation: 0.02 },
    { symbol: 'B', mean: 0.01, standardDeviation: 0.02 },
  ];

  it('are capped by the strictest rule, which is told', () => {
    const weights = sizeForecasts(forecasts, { ...limits, rules });
    const sizes = explainSizes(forecasts, { rules });
    const free = sizeForecasts(forecasts, limits);
    for (const symbol of ['A', 'B']) expect(weights[symbol]).toBe(Math.min(free[symbol]!, sizes[symbol]!.fraction));
    expect(weights['B']).toBeLessThan(free['B']!);
  });

  it('know the rules of the settings', () => {
    const of = (environment: Readonly<Record<string, string>>) =>
      tradingTermsOf(resolveSettings({ environment }).trading).limits.rules;
    expect(of({})).toEqual({ fixedFractional: { fractionMax: 0.02, stopLossFraction: 0.1 } });
    expect(of({ PLIMSOLL_TRADING__SIZING__KELLY_MULTIPLE: '0.5' })?.kelly).toEqual({ ...kelly, meanShrinkage: 0.5 });
  });
});
