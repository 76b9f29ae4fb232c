import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { AccountBrokers } from '#infra/brokers/accountBrokers.ts';
import type { createAuditLog } from '#infra/postgres/auditLog.ts';
import type { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { guardStatus, haltAccount as guardHalt, restartAccount, tradingStateChanged } from '#workflows/messages.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import type { Accounts, HaltOrder } from './desk.ts';
import { closePositions } from './closePositions.ts';
import { haltAccount, type HaltParts } from './haltAccount.ts';
import { askTimeoutMs, withinTime } from './temporalCalls.ts';

/** What accounts are read from and acted on through. */
export interface AccountSources {
  readonly client: Client;
  readonly ledger: ReturnType<typeof createLedger>;
  readonly audit: Pick<ReturnType<typeof createAuditLog>, 'append'>;
  readonly brokerOf: AccountBrokers['brokerOf'];
}

const restartTimeoutMs = 60_000;

/** Accounts of PostgreSQL with their guards in Temporal; a halt needs only the first. */
export function createAccounts(sources: AccountSources): Accounts {
  const { client, ledger, brokerOf } = sources;
  const guardOf = (account: string): ReturnType<typeof client.workflow.getHandle> =>
    client.workflow.getHandle(workflowIds.guard(account));
  return {
    list: () => ledger.accounts(),

    async sessions(account) {
      return [...(await ledger.sessions(account))].sort((a, b) => (a.session < b.session ? 1 : -1));
    },

    guard: (account) =>
      withinTime(client, askTimeoutMs, () => guardOf(account).query(guardStatus)).catch(() => undefined),

    halt: (order) =>
      haltAccount(order, {
        tighten: () => tighten(order, sources),
        broker: lazyBroker(() => brokerOf(order.account)),
        close: () => closePositions(sources, order.account),
        tellGuard: ({ account, by, reason }, ledger) =>
          withinTime(client, askTimeoutMs, async () => {
            const guard = guardOf(account);
            if (ledger === 'halted') await guard.signal(tradingStateChanged);
            // Its answer waits for PostgreSQL; that it was taken is enough, the guard does not forget.
            else await guard.startUpdate(guardHalt, { args: [{ by, reason }], waitForStage: 'ACCEPTED' });
          }),
      }),

    restart: ({ account, by }) =>
      withinTime(client, restartTimeoutMs, () => guardOf(account).executeUpdate(restartAccount, { args: [{ by }] })),

    fills: (account) => ledger.fills(account),

    foreignFills: (account) => ledger.foreignFills(account),

    async acknowledgeForeignFill(request) {
      const { account, key, by } = request;
      await ledger.acknowledgeForeignFill(request);
      await sources.audit.append({
        key: `acknowledged:${key}:${by}`,
        actor: by,
        action: 'foreignFill.acknowledged',
        subject: `account:${account}`,
        body: { key },
      });
    },
  };
}

async function tighten(order: HaltOrder, { ledger, audit }: AccountSources): Promise<object | undefined> {
  const { account, by, reason, positions } = order;
  if (!(await ledger.account(account))) return undefined;
  const row = await ledger.tighten({ account, state: 'halted', reason, by });
  const subject = `account:${account}`;
  // The guard writes the same halt under the same key: whoever comes second changes nothing. A halt that stood before
  // has its record, under the name of whoever made it.
  if (row.changedBy === by && row.reason === reason) {
    await audit.append({
      key: `tighten:${account}:halted:${row.changes}`,
      actor: by,
      action: `account.${row.state}`,
      subject,
      body: { asked: 'halted', reason },
    });
  }
  await audit.append({
    key: `halt:${account}:${randomUUID()}`,
    actor: by,
    action: 'halt.ordered',
    subject,
    body: { reason, positions: positions ?? 'left to the guard' },
  });
  return row;
}

// A broker that cannot even be set up is a fault of the halt's second part, not of the whole.
function lazyBroker(broker: () => ReturnType<AccountBrokers['brokerOf']>): HaltParts['broker'] {
  return {
    openOrders: async () => broker().openOrders(),
    cancel: async (brokerOrderId) => broker().cancel(brokerOrderId),
  };
}
