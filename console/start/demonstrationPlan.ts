import { loadPlan, type Plan } from '#infra/configuration/plan.ts';

/**
 * The pinned plan of the demonstration; with fewer windows its digest differs, so that no judgement is mistaken for the
 * whole one.
 * @param windowsMax windows judged at most, the latest; undefined: those of the pinned plan
 */
export function demonstrationPlan(windowsMax: number | undefined): Plan {
  const plan = loadPlan('demonstration');
  return windowsMax === undefined ? plan : { ...plan, validation: { ...plan.validation, windowsMax } };
}
