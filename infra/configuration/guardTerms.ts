import { breakerProfiles, type BreakerProfile } from '#domain/breaker.ts';
import type { EscalationWaits } from '#domain/tradingWaits.ts';
import type { Settings } from './schema.ts';
import { escalationWaitsOf } from './tradingWaits.ts';

/** What a guard keeps its account by. */
export interface GuardTerms {
  readonly profile: BreakerProfile;
  readonly waits: EscalationWaits;
}

/** The breaker's levels, and how long people are waited for, as the settings resolve them. */
export function guardTermsOf(trading: Settings['trading']): GuardTerms {
  const { profile, limits } = trading;
  return {
    profile: {
      ...breakerProfiles[profile === 'conservative' ? 'conservative' : 'standard'],
      drawdownReduceFraction: limits.drawdownReduceFraction,
      drawdownHaltFraction: limits.drawdownHaltFraction,
      dailyLossHaltFraction: limits.dailyLossFractionMax,
      lossStreakHalt: limits.losingTradesMax,
      errorsHalt: limits.systemErrorsMax,
      dataAgeHaltMs: limits.dataAgeMaxSeconds * 1_000,
    },
    waits: escalationWaitsOf(trading),
  };
}
