import { ExposureBook } from '#domain/exposureBook.ts';
import { breachesOf, type LimitBreach } from '#domain/limits.ts';
import { preTradeLimitsOf } from '#domain/tradingTerms.ts';
import { accountStanding } from './accountStanding.ts';
import { appendOnce } from './appendOnce.ts';
import type { SessionWorld } from './sessionActivities.ts';
import type { SessionPlan } from './tradingPlan.ts';
import { warn } from './warn.ts';

/**
 * Holds an account, as its fills and prices have left it, against its limits, and says what is over one: to the log, and
 * once a session and limit to the audit chain. Nothing is sold for it; no order may add to it.
 */
export async function tellBreaches(
  world: Pick<SessionWorld, 'ledger' | 'brokerOf' | 'audit'>,
  plan: Pick<SessionPlan, 'account' | 'session' | 'limits'>,
): Promise<readonly LimitBreach[]> {
  const { account, session } = plan;
  const limits = preTradeLimitsOf(plan.limits);
  const book = new ExposureBook(await accountStanding(world, plan, []), limits.sectors?.bySymbol);
  const breaches = breachesOf(book, limits);
  for (const breach of breaches) {
    warn('a limit is broken', { account, session, ...breach });
    await appendOnce(world.audit, {
      key: `limit-breached:${account}:${session}:${breach.code}:${breach.of ?? ''}`,
      actor: 'limits',
      action: 'limit.breached',
      subject: `account:${account}`,
      body: { session, ...breach },
    });
  }
  return breaches;
}
