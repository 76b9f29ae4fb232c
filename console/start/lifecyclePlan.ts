import type { SessionDate } from '#domain/sessionDate.ts';
import { digestOf } from '#domain/sha256.ts';
import type { Plan } from '#infra/configuration/plan.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import type { LifecyclePlan } from '#workflows/modelLifecycle.ts';
import { validationPlan } from './validationPlan.ts';

const hourMs = 3_600_000;

/** The life cycle a plan asks for, as of a session. */
export function lifecyclePlan(plan: Plan, settings: Settings, asOf: SessionDate): LifecyclePlan {
  const { model, author, features, training, dataset, gates } = plan;
  const validation = validationPlan(plan, settings);
  const { reviewersRequired, reviewTimeoutHours, reminderIntervalHours } = settings.promotion;
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
      approvalsRequired: reviewersRequired,
      reviewTimeoutMs: reviewTimeoutHours * hourMs,
      reminderIntervalMs: reminderIntervalHours * hourMs,
    },
  };
  return {
    ...asked,
    specDigest: digestOf({ dataset, asOf, features, training, holdoutSessions }),
    planDigest: digestOf(validation),
    lifecycleDigest: digestOf(asked),
  };
}
