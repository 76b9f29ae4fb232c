import { breakerProfiles, type BreakerProfile } from '#domain/breaker.ts';
import type { Settings } from './schema.ts';

/** The breaker's levels as the settings resolve them. */
export function breakerProfileOf({ profile, limits }: Settings['trading']): BreakerProfile {
  return {
    ...breakerProfiles[profile === 'conservative' ? 'conservative' : 'standard'],
    drawdownReduceFraction: limits.drawdownReduceFraction,
    drawdownHaltFraction: limits.drawdownHaltFraction,
    dailyLossHaltFraction: limits.dailyLossFractionMax,
    lossStreakHalt: limits.losingTradesMax,
    errorsHalt: limits.systemErrorsMax,
  };
}
