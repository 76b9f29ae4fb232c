import type { SessionDate } from '#domain/sessionDate.ts';
import { digestOf } from '#domain/sha256.ts';
import type { Plan } from '#infra/configuration/plan.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import type { LifecyclePlan } from '#workflows/modelLifecycle.ts';
import { promotionTerms } from './promotionTerms.ts';
import { validationPlan } from './validationPlan.ts';

/** The life cycle a plan asks for, as of a session. */
export function lifecyclePlan(plan: Plan, settings: Settings, asOf: SessionDate): LifecyclePlan {
  const { model, author, features, training, dataset, gates } = plan;
  const validation = validationPlan(plan, settings);
  const { holdoutSessions } = validation;
  const asked = {
    dataset,
    asOf,
    training: { model, author, features, training, holdoutSessions },
    validation,
    promotion: {
      request: plan.name,
      honestGate: gates.honest,
      demonstrationGate: gates.demonstration,
      ...promotionTerms(settings),
    },
  };
  return {
    ...asked,
    specDigest: digestOf({ dataset, asOf, features, training, holdoutSessions }),
    planDigest: digestOf(validation),
    lifecycleDigest: digestOf(asked),
  };
}
