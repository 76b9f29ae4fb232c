import type { AccountRow, Ledger, TradingState } from '#activities/ports/ledger.ts';
import { Failure } from '#domain/failure.ts';
import { refuseRestart, restartedFrom } from '#domain/restart.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { Database, Queryable } from '../database.ts';
import { insertOnce } from '../insertOnce.ts';

const accountColumns = `account, broker, state, reason, changed_by AS "changedBy", high_water_mark AS "highWaterMark",
  loss_streak AS "lossStreak", round_trips_at_restart AS "roundTripsAtRestart", current_session, changes`;
const strictness: Readonly<Record<TradingState, number>> = { active: 0, reducing: 1, halted: 2 };

type AccountTableRow = Omit<AccountRow, 'currentSession'> &
  Readonly<Record<string, unknown>> & { readonly current_session: SessionDate | null };

/** Accounts and their trading states; each change keeps who made it and why in `trading_state_changes`. */
export function createTradingStates(
  database: Database,
): Pick<Ledger, 'openAccount' | 'account' | 'accounts' | 'tighten' | 'restart' | 'recordEquity'> {
  return {
    async openAccount({ account, broker, equity }) {
      await database.query(
        `INSERT INTO accounts (account, broker, state, reason, changed_by, high_water_mark, loss_streak, changes,
           opening_cash)
         VALUES ($1, $2, 'active', 'opened', 'plimsoll', $3, 0, 0, $3) ON CONFLICT (account) DO NOTHING`,
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

    async accounts() {
      const rows = await database.query<AccountTableRow>(`SELECT ${accountColumns} FROM accounts ORDER BY account`);
      return rows.map(accountOf);
    },

    tighten: ({ account, state, reason, by }) =>
      database.transaction(async (transaction) => {
        const from = await lockTradingState(transaction, account, 'FOR UPDATE');
        if (strictness[state] > strictness[from]) await change(transaction, { account, from, to: state, reason, by });
        return requireAccount(transaction, account);
      }),

    restart: ({ account, by, highWaterMark: equity, roundTrips }) =>
      database.transaction(async (transaction) => {
        const from = await lockTradingState(transaction, account, 'FOR UPDATE');
        const refusal = refuseRestart({ state: from, by: by[1], askedBy: by[0], differences: [] });
        // A repeated restart finds the account active and must not zero what happened since.
        if (refusal?.code === 'RESTART_NOT_NEEDED') return requireAccount(transaction, account);
        if (refusal) throw new Failure(refusal.code, refusal.message, { account });
        const { state, highWaterMark, lossStreak } = restartedFrom(equity);
        await change(transaction, { account, from, to: state, reason: 'restarted', by: by.join(',') });
        await transaction.query(
          `UPDATE accounts SET high_water_mark = $2, loss_streak = $3, round_trips_at_restart = $4 WHERE account = $1`,
          [account, highWaterMark, lossStreak, roundTrips],
        );
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
  // Row locks let a stream of sharers starve whoever wants the row alone; advisory locks queue, so a halt gets its turn.
  const queue = lock === 'FOR SHARE' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await transaction.query(`SELECT ${queue}(hashtextextended('account:' || $1, 0))`, [account]);
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
  return rows[0] && accountOf(rows[0]);
}

function accountOf({ current_session: currentSession, ...row }: AccountTableRow): AccountRow {
  return { ...row, ...(currentSession !== null && { currentSession }) };
}

async function requireAccount(queryable: Queryable, account: string): Promise<AccountRow> {
  const row = await findAccount(queryable, account);
  if (!row) throw accountUnknown(account);
  return row;
}

function accountUnknown(account: string): Failure {
  return new Failure('ACCOUNT_UNKNOWN', `no account ${account} was opened`, { account });
}
