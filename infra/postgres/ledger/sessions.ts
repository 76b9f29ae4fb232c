import type { DecisionRow, Ledger } from '#activities/ports/ledger.ts';
import { canonicalJson } from '#domain/canonicalJson.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { Database } from '../database.ts';
import { insertOnce } from '../insertOnce.ts';
import { lockTradingState } from './tradingStates.ts';

/** Decisions and the business rows of trading sessions. */
export function createSessions(
  database: Database,
): Pick<Ledger, 'recordDecision' | 'decision' | 'openSession' | 'closeSession' | 'sessions'> {
  return {
    async recordDecision(row) {
      await insertOnce(database, {
        table: 'decisions',
        key: ['decision_id'],
        columns: {
          decision_id: row.decisionId,
          account: row.account,
          session: row.session,
          model: row.model,
          model_version: row.modelVersion,
          artifact_digest: row.artifactDigest,
          inputs_digest: row.inputsDigest,
          body: row.body,
        },
      });
    },

    async decision(decisionId) {
      const [row] = await database.query<DecisionRow & Record<string, unknown>>(
        `SELECT decision_id AS "decisionId", account, session, model, model_version AS "modelVersion",
           artifact_digest AS "artifactDigest", inputs_digest AS "inputsDigest", body
         FROM decisions WHERE decision_id = $1`,
        [decisionId],
      );
      return row;
    },

    openSession: (account, session) =>
      database.transaction(async (transaction) => {
        await lockTradingState(transaction, account, 'FOR UPDATE');
        const [current] = await transaction.query(
          `UPDATE accounts SET current_session = $2 WHERE account = $1 AND coalesce(current_session, $2) <= $2
           RETURNING account`,
          [account, session],
        );
        if (!current) return 'past';
        const columns = { account, session };
        const written = await insertOnce(transaction, {
          table: 'trading_sessions',
          key: ['account', 'session'],
          columns,
        });
        return written ? 'opened' : 'wasOpen';
      }),

    closeSession: (account, session, report) => closeSession(database, { account, session, report }),

    sessions: (account) =>
      database.query<SessionTableRow>(
        `SELECT session, closed_at IS NOT NULL AS closed, coalesce(report, '{}') AS report
         FROM trading_sessions WHERE account = $1 ORDER BY session`,
        [account],
      ),
  };
}

interface SessionTableRow extends Record<string, unknown> {
  readonly session: SessionDate;
  readonly closed: boolean;
  readonly report: Readonly<Record<string, unknown>>;
}

async function closeSession(
  database: Database,
  { account, session, report }: Pick<SessionTableRow, 'session' | 'report'> & { readonly account: string },
): Promise<void> {
  await database.transaction(async (transaction) => {
    const [row] = await transaction.query<{ report: unknown }>(
      'SELECT report FROM trading_sessions WHERE account = $1 AND session = $2 FOR UPDATE',
      [account, session],
    );
    if (!row) {
      throw new Failure('SESSION_NOT_OPEN', `${account} has no session ${session} to close`, { account, session });
    }
    if (row.report === null) {
      await transaction.query(
        `UPDATE trading_sessions SET report = $3, closed_at = clock_timestamp() WHERE account = $1 AND session = $2`,
        [account, session, canonicalJson(report)],
      );
    } else if (canonicalJson(row.report) !== canonicalJson(report)) {
      throw new Failure('ROW_CONFLICT', `session ${session} of ${account} was closed with another report`, {
        account,
        session,
      });
    }
  });
}
