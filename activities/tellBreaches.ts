import { ExposureBook } from '#domain/exposureBook.ts';
import { Failure } from '#domain/failure.ts';
import { breachesOf, type LimitBreach } from '#domain/limits.ts';
import { preTradeLimitsOf } from '#domain/tradingTerms.ts';
import type { AuditEvent, AuditLog } from './ports/auditLog.ts';
import { accountStanding } from './accountStanding.ts';
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
    await toldOnce(world.audit, {
      key: `limit-breached:${account}:${session}:${breach.code}:${breach.of ?? ''}`,
      actor: 'limits',
      action: 'limit.breached',
      subject: `account:${account}`,
      body: { session, ...breach },
    });
  }
  return breaches;
}

/** Prices move on between two looks at a session: what the first one told stands, with its own figures. */
async function toldOnce(audit: AuditLog, event: AuditEvent): Promise<void> {
  try {
    await audit.append(event);
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'ROW_CONFLICT')) throw error;
  }
}
