import { Failure } from '#domain/failure.ts';
import { playFills } from '#domain/positions.ts';
import { refuseRestart } from '#domain/restart.ts';
import { tighteningEvent, type Tightening } from '#domain/tightening.ts';
import type { AuditLog } from '#activities/ports/auditLog.ts';
import type { Broker } from '#activities/ports/broker.ts';
import type { AccountRow, Ledger } from '#activities/ports/ledger.ts';
import type { Pager } from '#activities/ports/pager.ts';
import { planLiquidation } from './planLiquidation.ts';
import { reconcileBooks } from './reconcileBooks.ts';
import type { OrderIntent } from '#domain/order.ts';

/** An account's trading state as PostgreSQL has it. */
export interface TradingStateFigures {
  readonly state: 'active' | 'reducing' | 'halted';
  readonly reason: string;
  readonly changedBy: string;
  /** Changes of the state so far: the number of the one that made it what it is, 0 for the opening. */
  readonly changes: number;
}

/** A call for people, by an escalation. */
export interface Page {
  readonly account: string;
  /** Number of the escalation. */
  readonly escalation: number;
  readonly tier: number;
  readonly text: string;
}

/** A person's answer to an escalation. */
export interface Acknowledgement {
  readonly account: string;
  /** Number of the escalation. */
  readonly escalation: number;
  readonly by: string;
  readonly comment: string;
}

/** Activities of the guard and its escalation. */
export interface GuardActivities {
  readTradingState(account: string): Promise<TradingStateFigures>;
  /** Makes PostgreSQL stricter, with an audit record; never laxer. */
  tightenTradingState(request: Tightening): Promise<TradingStateFigures>;
  /** Cancels every open order of the account at the broker; answers how many were open. */
  cancelOpenOrders(account: string): Promise<number>;
  /** Reduce-only orders that close every position, under ids of the halt. */
  planLiquidation(account: string): Promise<readonly OrderIntent[]>;
  /** Tells people; every tier is written to the audit chain. */
  page(notice: Page): Promise<void>;
  /** @throws Failure RESTART_UNRECONCILED while our book and the broker's differ */
  restartTrading(request: {
    readonly account: string;
    readonly by: readonly [string, string];
  }): Promise<TradingStateFigures>;
  recordAcknowledgement(acknowledgement: Acknowledgement): Promise<void>;
}

/** What the guard's activities need of the world. */
export interface GuardWorld {
  readonly ledger: Ledger;
  readonly audit: AuditLog;
  readonly pager: Pager;
  readonly brokerOf: (account: string) => Broker;
}

/** The guard's activities over a world. */
export function createGuardActivities(world: GuardWorld): GuardActivities {
  const { ledger, audit, pager, brokerOf } = world;
  return {
    async readTradingState(account) {
      return figuresOf(await requireAccount(ledger, account));
    },

    async tightenTradingState(request) {
      const row = await ledger.tighten(request);
      await audit.append(tighteningEvent(request, row));
      return figuresOf(row);
    },

    async cancelOpenOrders(account) {
      const broker = brokerOf(account);
      const open = await broker.openOrders();
      for (const order of open) await broker.cancel(order.brokerOrderId);
      return open.length;
    },

    planLiquidation: (account) => planLiquidation(world, account),

    async page({ account, escalation, tier, text }) {
      await pager.page({ account, tier, text });
      await audit.append({
        key: `page:${account}:${escalation}:${tier}:${text}`,
        actor: 'guard',
        action: 'escalation.paged',
        subject: `account:${account}`,
        body: { escalation, tier, text },
      });
    },

    restartTrading: (request) => restartTrading(world, request),

    async recordAcknowledgement({ account, escalation, by, comment }) {
      await audit.append({
        key: `acknowledged:${account}:${escalation}:${by}:${comment}`,
        actor: by,
        action: 'escalation.acknowledged',
        subject: `account:${account}`,
        body: { escalation, comment },
      });
    },
  };
}

/** Back to trading: books compared first, then the new high-water mark, then the audit record. */
async function restartTrading(
  { ledger, audit, brokerOf }: GuardWorld,
  { account, by }: { readonly account: string; readonly by: readonly [string, string] },
): Promise<TradingStateFigures> {
  const before = await requireAccount(ledger, account);
  // Repeated after a crash between the restart and its answer, it has nothing left to do but the audit record.
  const isDone = before.state === 'active' && before.reason === 'restarted' && before.changedBy === by.join(',');
  const row = isDone ? before : await restartReconciled({ ledger, brokerOf }, before, by);
  await audit.append({
    key: `restart:${account}:${row.changes}`,
    actor: by.join(','),
    action: 'account.restarted',
    subject: `account:${account}`,
    body: { highWaterMark: row.highWaterMark },
  });
  return figuresOf(row);
}

async function restartReconciled(
  world: Pick<GuardWorld, 'ledger' | 'brokerOf'>,
  { account, state }: AccountRow,
  by: readonly [string, string],
): Promise<AccountRow> {
  const { ledger } = world;
  const { differences } = await reconcileBooks(account, world);
  const refusal = refuseRestart({ state, by: by[1], askedBy: by[0], differences });
  if (refusal) throw new Failure(refusal.code, refusal.message, { account, differences });
  const { equity } = await world.brokerOf(account).account();
  const { roundTrips } = playFills(await ledger.bookEntries(account));
  return ledger.restart({ account, by, highWaterMark: equity, roundTrips: roundTrips.length });
}

async function requireAccount(ledger: Ledger, account: string): Promise<AccountRow> {
  const row = await ledger.account(account);
  if (!row) throw new Failure('ACCOUNT_UNKNOWN', `no account ${account} was opened`, { account });
  return row;
}

function figuresOf({ state, reason, changedBy, changes }: AccountRow): TradingStateFigures {
  return { state, reason, changedBy, changes };
}
