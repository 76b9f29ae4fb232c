import type { Pager } from '#activities/ports/pager.ts';
import type { PlimsollLogger } from '#infra/telemetry/logger.ts';

/** Pages through the log, at level error: what watches logs wakes people. */
export function logPager(logger: PlimsollLogger): Pager {
  return {
    page({ account, tier, text }) {
      logger.error({ 'event.action': 'page', 'plimsoll.account': account, 'plimsoll.tier': tier }, text);
      return Promise.resolve();
    },
  };
}
