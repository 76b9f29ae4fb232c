import type { ValidationPlan } from '#activities/validationActivities.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import { tradingTermsOf } from '#infra/configuration/tradingTerms.ts';
import { validationPlan } from '../start/validationPlan.ts';

/**
 * How a version is judged: as a pinned plan says, so that a life cycle's own validation is joined, or as the settings do.
 * @param name of a plan; undefined: the settings
 * @param windowsMax the latest windows only; undefined: as plan or settings say
 * @throws Failure PLAN_UNKNOWN
 */
export function planOf(
  settings: Settings,
  { plan: name, windows: windowsMax }: { readonly plan?: string; readonly windows?: number },
): ValidationPlan {
  const base = name === undefined ? settingsPlan(settings) : validationPlan(loadPlan(name), settings);
  return windowsMax === undefined ? base : { ...base, windowsMax };
}

function settingsPlan({ validation, trading, promotion }: Settings): ValidationPlan {
  const { windowsMax, ...rest } = validation;
  return {
    ...rest,
    ...(windowsMax !== null && { windowsMax }),
    trading: tradingTermsOf(trading),
    gates: [promotion.gate],
  };
}
