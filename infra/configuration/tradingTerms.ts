import type { TradingTerms } from '#domain/tradingTerms.ts';
import { guardTermsOf } from './guardTerms.ts';
import type { Settings } from './schema.ts';

/** The terms on which an account trades, as the settings resolve them: sessions trade and validations judge by these. */
export function tradingTermsOf(trading: Settings['trading']): TradingTerms {
  const { cashDollars, confidenceMin, limits, costs, regimes, sectors } = trading;
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
    },
    breaker: guardTermsOf(trading).profile,
    costs,
  };
}
