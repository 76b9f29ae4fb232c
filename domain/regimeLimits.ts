import type { TradingLimits } from './tradingTerms.ts';

/** How wild a market is beside its own recent past, calmest first. */
export const volatilityRegimes = ['calm', 'normal', 'turbulent', 'crisis'] as const;

/** One of the regimes. */
export type VolatilityRegime = (typeof volatilityRegimes)[number];

/** What a regime makes of an account's limits; it never loosens them. */
export interface RegimeChange {
  /** Part of the largest position and sector, of leverage and of the volatility aimed at that is left, in (0, 1]. */
  readonly exposureFraction: number;
  /** Confidence under which a forecast is not traded, where it is more than the account's own. */
  readonly confidenceMin: number;
}

/** What every regime makes of them. */
export type RegimeChanges = Readonly<Record<VolatilityRegime, RegimeChange>>;

/**
 * The limits of a session by the regime at the close that it was decided from.
 * @param regime `unknown` where the market's history is too short to tell, which is taken as the strictest of all;
 *   undefined where the decision looks at no market: the limits stay
 */
export function limitsIn(limits: TradingLimits, regime: VolatilityRegime | 'unknown' | undefined): TradingLimits {
  const { regimes, sectors } = limits;
  if (!regimes || regime === undefined) return limits;
  const { exposureFraction, confidenceMin } = regime === 'unknown' ? strictest(regimes) : regimes[regime];
  return {
    ...limits,
    positionFractionMax: limits.positionFractionMax * exposureFraction,
    leverageMax: limits.leverageMax * exposureFraction,
    volatilityTargetFraction: limits.volatilityTargetFraction * exposureFraction,
    confidenceMin: Math.max(limits.confidenceMin, confidenceMin),
    ...(sectors && { sectors: { ...sectors, fractionMax: sectors.fractionMax * exposureFraction } }),
  };
}

function strictest(regimes: RegimeChanges): RegimeChange {
  const changes = volatilityRegimes.map((regime) => regimes[regime]);
  return {
    exposureFraction: Math.min(...changes.map(({ exposureFraction }) => exposureFraction)),
    confidenceMin: Math.max(...changes.map(({ confidenceMin }) => confidenceMin)),
  };
}
