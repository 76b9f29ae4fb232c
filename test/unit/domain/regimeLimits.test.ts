import { assert, constantFrom, double, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitsIn, volatilityRegimes, type RegimeChange } from '#domain/regimeLimits.ts';
import type { TradingLimits } from '#domain/tradingTerms.ts';

const limits: TradingLimits = {
  positionFractionMax: 0.15,
  leverageMax: 1,
  volatilityTargetFraction: 0.15,
  confidenceMin: 0.02,
  orderNotionalMaxDollars: 50_000,
  ordersPerSessionMax: 200,
  restrictedSymbols: ['GME'],
};
const neutral: RegimeChange = { exposureFraction: 1, confidenceMin: 0 };
const regimes = {
  calm: neutral,
  normal: neutral,
  turbulent: { exposureFraction: 0.5, confidenceMin: 0.05 },
  crisis: { exposureFraction: 0.25, confidenceMin: 0.01 },
};

describe('the limits of a session', () => {
  test('are those of the account where no regime changes them, or the decision looked at no market', () => {
    for (const regime of [...volatilityRegimes, 'unknown', undefined] as const) {
      expect(limitsIn(limits, regime)).toBe(limits);
    }
    expect(limitsIn({ ...limits, regimes }, undefined)).toEqual({ ...limits, regimes });
    expect(limitsIn({ ...limits, regimes }, 'calm')).toEqual({ ...limits, regimes });
  });

  test('shrink with the regime, and its confidence counts where it is more than the own', () => {
    expect(limitsIn({ ...limits, regimes }, 'turbulent')).toMatchObject({
      positionFractionMax: 0.075,
      leverageMax: 0.5,
      volatilityTargetFraction: 0.075,
      confidenceMin: 0.05,
      orderNotionalMaxDollars: 50_000,
    });
    expect(limitsIn({ ...limits, regimes }, 'crisis')).toMatchObject({ leverageMax: 0.25, confidenceMin: 0.02 });
  });

  test('are the strictest of all while the history is too short to tell', () => {
    expect(limitsIn({ ...limits, regimes }, 'unknown')).toMatchObject({ leverageMax: 0.25, confidenceMin: 0.05 });
  });

  test('are never looser than those of the account', () => {
    const change = record({
      exposureFraction: double({ min: 0.01, max: 1, noNaN: true }),
      confidenceMin: double({ min: 0, max: 1, noNaN: true }),
    });
    const changes = record({ calm: change, normal: change, turbulent: change, crisis: change });
    assert(
      property(changes, constantFrom(...volatilityRegimes, 'unknown' as const), (given, regime) => {
        const held = limitsIn({ ...limits, regimes: given }, regime);
        expect(held.positionFractionMax).toBeLessThanOrEqual(limits.positionFractionMax);
        expect(held.leverageMax).toBeLessThanOrEqual(limits.leverageMax);
        expect(held.volatilityTargetFraction).toBeLessThanOrEqual(limits.volatilityTargetFraction);
        expect(held.confidenceMin).toBeGreaterThanOrEqual(limits.confidenceMin);
      }),
    );
  });
});
