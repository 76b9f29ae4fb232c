import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createGuardActivities, type GuardActivities } from '#activities/guardActivities.ts';
import type { Page } from '#activities/guardActivities.ts';
import type { AuditLog, AuditRecord } from '#activities/ports/auditLog.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { startTradingWorld, type TradingWorld } from './tradingWorld.ts';

let world: TradingWorld;
beforeAll(async () => {
  world = await startTradingWorld(inject('stack').postgres.url);
});
afterAll(() => world.stop());

/** The guard's activities on an account of its own, and what the audit chain keeps of it. */
async function guarding(name: string): Promise<{
  readonly activities: GuardActivities;
  readonly audit: AuditLog;
  readonly records: (action: string) => Promise<readonly AuditRecord[]>;
}> {
  const { ledger, database, broker } = await world.open(name);
  const audit = createAuditLog(database);
  const pager = { page: () => Promise.resolve() };
  return {
    audit,
    activities: createGuardActivities({ ledger, audit, pager, brokerOf: () => broker }),
    records: async (action) =>
      (await audit.records({ subject: `account:${name}` })).filter((record) => record.action === action),
  };
}

describe('the audit chain', () => {
  test('keeps the same page and answer of every escalation, and a repeated attempt of either once', async () => {
    const { activities, audit, records } = await guarding('paged');
    const page: Page = { account: 'paged', escalation: 1, tier: 1, text: 'paged halted: daily loss 6.00 %.' };
    const answer = { account: 'paged', by: 'ben', comment: 'seen' };
    for (const escalation of [1, 1, 4]) {
      await activities.page({ ...page, escalation });
      await activities.recordAcknowledgement({ ...answer, escalation });
    }
    const escalationsOf = async (action: string) => (await records(action)).map(({ body }) => body.escalation);
    expect(await escalationsOf('escalation.paged')).toEqual([1, 4]);
    expect(await escalationsOf('escalation.acknowledged')).toEqual([1, 4]);
    expect(await audit.verify()).toMatchObject({ verified: true });
  });

  test('keeps who made an account stricter once, and whoever found it as strict already', async () => {
    const { activities, records } = await guarding('twice-halted');
    const halt = { account: 'twice-halted', state: 'halted', reason: 'too wild', by: 'ada' } as const;
    const first = await activities.tightenTradingState(halt);
    expect(first).toEqual({ state: 'halted', reason: 'too wild', changedBy: 'ada', changes: 1 });
    expect(await activities.tightenTradingState(halt)).toEqual(first);
    expect(await activities.tightenTradingState({ ...halt, by: 'grace' })).toEqual(first);
    expect((await records('account.halted')).map(({ actor }) => actor)).toEqual(['ada', 'grace']);
  });

  test('keeps the figures on which the breaker made an account stricter', async () => {
    const { activities, records } = await guarding('weighed');
    const figures = {
      equity: 920_000,
      dayOpenEquity: 930_000,
      highWaterMark: 1_000_000,
      drawdownFraction: 0.08,
      dailyLossFraction: 0.0107,
    };
    const word = { account: 'weighed', state: 'reducing', reason: 'drawdown 8.00 %', by: 'breaker' } as const;
    for (let attempt = 1; attempt <= 2; attempt += 1) await activities.tightenTradingState({ ...word, figures });
    const [record, ...others] = await records('account.reducing');
    expect(record?.body).toEqual({ asked: 'reducing', reason: 'drawdown 8.00 %', figures });
    expect(others).toEqual([]);
  });
});
