import type { NoTradeBand } from '#domain/noTradeBand.ts';
import type { SizingLimits } from '#domain/sizing.ts';
import type { TradingTerms } from '#domain/tradingTerms.ts';
import { guardTermsOf } from './guardTerms.ts';
import type { Settings } from './schema.ts';

/** The terms on which an account trades, as the settings resolve them: sessions trade and validations judge by these. */
export function tradingTermsOf(trading: Settings['trading']): TradingTerms {
  const { cashDollars, confidenceMin, limits, costs, regimes, sectors, sizing } = trading;
  const band = bandOf(trading.rebalance);
  const changesLimits = Object.values(regimes).some(
    (change) => change.exposureFraction < 1 || change.confidenceMin > 0,
  );
  return {
    cashDollars,
    limits: {
      positionFractionMax: limits.positionFractionMax,
      leverageMax: limits.leverageMax,
      volatilityTargetFraction: limits.volatilityTargetFraction,
      confidenceMin,
      rules: sizingRulesOf(sizing, limits),
      orderNotionalMaxDollars: limits.orderNotionalMaxDollars,
      ordersPerSessionMax: limits.ordersPerSessionMax,
      ordersPerMinuteMax: limits.ordersPerMinuteMax,
      tradeRisk: { fractionMax: limits.tradeRiskFractionMax, stopLossFraction: limits.stopLossFraction },
      ...(limits.grossNotionalMaxDollars !== null && { grossNotionalMaxDollars: limits.grossNotionalMaxDollars }),
      ...(limits.netFractionMax !== null && { netFractionMax: limits.netFractionMax }),
      turnoverFractionMax: limits.turnoverFractionMax,
      dailyLossFractionMax: limits.dailyLossFractionMax,
      drawdownFractionMax: limits.drawdownHaltFraction,
      restrictedSymbols: limits.restrictedSymbols,
      ...(Object.keys(sectors).length > 0 && {
        sectors: { fractionMax: limits.sectorFractionMax, bySymbol: sectors },
      }),
      // Neutral regimes are none, so that the digest of a plan does not depend on settings that change nothing.
      ...(changesLimits && { regimes }),
      ...(band && { band }),
    },
    breaker: guardTermsOf(trading).profile,
    costs,
  };
}

/** None where no width is set. */
function bandOf({
  bandAbsoluteFraction: absoluteFraction,
  bandRelativeFraction: relativeFraction,
  bandTo: to,
}: Settings['trading']['rebalance']): NoTradeBand | undefined {
  if (absoluteFraction === null && relativeFraction === null) return undefined;
  return {
    ...(absoluteFraction !== null && { absoluteFraction }),
    ...(relativeFraction !== null && { relativeFraction }),
    to,
  };
}

/** The rule of the stop always holds: orders are held against the same limit. */
function sizingRulesOf(
  sizing: Settings['trading']['sizing'],
  limits: Settings['trading']['limits'],
): NonNullable<SizingLimits['rules']> {
  const { kellyMultiple, kellyFractionMax, kellyMeanShrinkage } = sizing;
  const { positionVolatilityFraction, riskParityVolatilityFraction } = sizing;
  return {
    fixedFractional: { fractionMax: limits.tradeRiskFractionMax, stopLossFraction: limits.stopLossFraction },
    ...(kellyMultiple !== null && {
      kelly: { multiple: kellyMultiple, fractionMax: kellyFractionMax, meanShrinkage: kellyMeanShrinkage },
    }),
    ...(positionVolatilityFraction !== null && { volatilityTargetFraction: positionVolatilityFraction }),
    ...(riskParityVolatilityFraction !== null && { riskParityVolatilityFraction }),
  };
}
