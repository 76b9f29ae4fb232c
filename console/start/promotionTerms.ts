import type { PromotionRequest } from '#activities/promotionActivities.ts';
import type { Settings } from '#infra/configuration/schema.ts';

const hourMs = 3_600_000;

/** How many people must agree, and how long they are waited for, as the settings say. */
export function promotionTerms({
  promotion,
}: Pick<Settings, 'promotion'>): Pick<
  PromotionRequest,
  'approvalsRequired' | 'reviewTimeoutMs' | 'reminderIntervalMs'
> {
  const { reviewersRequired, reviewTimeoutHours, reminderIntervalHours } = promotion;
  return {
    approvalsRequired: reviewersRequired,
    reviewTimeoutMs: reviewTimeoutHours * hourMs,
    reminderIntervalMs: reminderIntervalHours * hourMs,
  };
}
