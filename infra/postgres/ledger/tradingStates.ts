import type { AccountRow, Ledger, TradingState } from '#activities/ports/ledger.ts';
import { Failure } from '#domain/failure.ts';
import type { Database, Queryable } from '../database.ts';
import { insertOnce } from '../insertOnce.ts';

const accountColumns = `account, broker, state, reason, changed_by AS "changedBy", high_water_mark AS "highWaterMark",
  loss_streak AS "lossStreak", changes`;
const strictness: Readonly<Record<TradingState, number>> = { active: 0, reducing: 1, halted: 2 };

type AccountTableRow = AccountRow & Readonly<Record<string, unknown>>;

/** Accounts and their trading states; each change keeps who made it and why in `trading_state_changes`. */
export function createTradingStates(
  database: Database,
): Pick<Ledger, 'openAccount' | 'account' | 'accounts' | 'tighten' | 'restart' | 'recordEquity'> {
  return {
    async openAccount({ account, broker, equity }) {
      await database.query(
        `INSERT INTO accounts (account, broker, state, reason, changed_by, high_water_mark, loss_streak, changes)
         VALUES ($1, $2, 'active', 'opened', 'plimsoll', $3, 0, 0) ON CONFLICT (account) DO NOTHING`,
        [account, broker, equity],
      );
      const row = await requireAccount(database, account);
      if (row.broker !== broker) {
        throw new Failure('ROW_CONFLICT', `account ${account} was opened at ${row.broker}, not at ${broker}`, {
          account,
          broker: row.broker,
        });
      }
      return row;
    },

    account: (account) => findAccount(database, account),

    accounts: () => database.query<AccountTableRow>(`SELECT ${accountColumns} FROM accounts ORDER BY account`),

    tighten: ({ account, state, reason, by }) =>
      database.transaction(async (transaction) => {
        const from = await lockTradingState(transaction, account, 'FOR UPDATE');
        if (strictness[state] > strictness[from]) await change(transaction, { account, from, to: state, reason, by });
        return requireAccount(transaction, account);
      }),

    restart: ({ account, by, highWaterMark }) =>
      database.transaction(async (transaction) => {
        if (by[0] === by[1]) {
          throw new Failure('RESTART_SAME_PERSON', `a restart needs two people; ${by[0]} is one`, { account });
        }
        const from = await lockTradingState(transaction, account, 'FOR UPDATE');
        // A repeated restart finds the account active and must not zero what happened since.
        if (from === 'active') return requireAccount(transaction, account);
        await change(transaction, { account, from, to: 'active', reason: 'restarted', by: by.join(',') });
        await transaction.query('UPDATE accounts SET high_water_mark = $2, loss_streak = 0 WHERE account = $1', [
          account,
          highWaterMark,
        ]);
        return requireAccount(transaction, account);
      }),

    async recordEquity({ account, session, equity, lossStreak }) {
      await database.transaction(async (transaction) => {
        await lockTradingState(transaction, account, 'FOR UPDATE');
        const columns = { account, session, equity, loss_streak: lossStreak };
        const written = await insertOnce(transaction, {
          table: 'account_equity',
          key: ['account', 'session'],
          columns,
        });
        if (!written) return;
        await transaction.query(
          'UPDATE accounts SET high_water_mark = greatest(high_water_mark, $2), loss_streak = $3 WHERE account = $1',
          [account, equity, lossStreak],
        );
      });
    },
  };
}

/**
 * An account's trading state, its row locked until the transaction ends: FOR SHARE to act under it, FOR UPDATE to
 * change it.
 * @throws Failure ACCOUNT_UNKNOWN when the account was never opened
 */
export async function lockTradingState(
  transaction: Queryable,
  account: string,
  lock: 'FOR SHARE' | 'FOR UPDATE',
): Promise<TradingState> {
  const [row] = await transaction.query<{ state: TradingState }>(
    `SELECT state FROM accounts WHERE account = $1 ${lock}`,
    [account],
  );
  if (!row) throw accountUnknown(account);
  return row.state;
}

async function change(transaction: Queryable, { account, from, to, reason, by }: StateChange): Promise<void> {
  await transaction.query(
    `WITH changed AS (
       UPDATE accounts SET state = $2, reason = $3, changed_by = $4, changes = changes + 1 WHERE account = $1
       RETURNING account, changes)
     INSERT INTO trading_state_changes (account, change, from_state, to_state, reason, changed_by)
     SELECT account, changes, $5, $2, $3, $4 FROM changed`,
    [account, to, reason, by, from],
  );
}

interface StateChange {
  readonly account: string;
  readonly from: TradingState;
  readonly to: TradingState;
  readonly reason: string;
  readonly by: string;
}

async function findAccount(queryable: Queryable, account: string): Promise<AccountRow | undefined> {
  const rows = await queryable.query<AccountTableRow>(`SELECT ${accountColumns} FROM accounts WHERE account = $1`, [
    account,
  ]);
  return rows[0];
}

async function requireAccount(queryable: Queryable, account: string): Promise<AccountRow> {
  const row = await findAccount(queryable, account);
  if (!row) throw accountUnknown(account);
  return row;
}

function accountUnknown(account: string): Failure {
  return new Failure('ACCOUNT_UNKNOWN', `no account ${account} was opened`, { account });
}
