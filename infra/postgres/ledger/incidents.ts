import type { Incident, Ledger } from '#activities/ports/ledger.ts';
import { Failure } from '#domain/failure.ts';
import type { Database } from '../database.ts';

/** What went wrong in sessions, each once. */
export function createIncidents(
  database: Database,
): Pick<Ledger, 'recordIncident' | 'incidents' | 'foreignFills' | 'acknowledgeForeignFill'> {
  return {
    async recordIncident({ key, account, session, kind, detail }) {
      await database.query(
        `INSERT INTO incidents (key, account, session, kind, detail) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (key) DO NOTHING`,
        [key, account, session, kind, detail],
      );
    },

    incidents: (account, session) =>
      database.query<Incident & Record<string, unknown>>(
        `SELECT key, account, session, kind, detail FROM incidents WHERE account = $1 AND session = $2
         ORDER BY recorded_at, key`,
        [account, session],
      ),

    foreignFills: (account) =>
      database.query<Incident & Record<string, unknown>>(
        `SELECT key, account, session, kind, detail FROM incidents
         WHERE account = $1 AND kind = 'foreignFill' AND acknowledged_at IS NULL ORDER BY recorded_at, key`,
        [account],
      ),

    async acknowledgeForeignFill({ account, key, by }) {
      const [row] = await database.query(
        `UPDATE incidents SET acknowledged_by = coalesce(acknowledged_by, $3),
           acknowledged_at = coalesce(acknowledged_at, clock_timestamp())
         WHERE account = $1 AND key = $2 AND kind = 'foreignFill' RETURNING key`,
        [account, key, by],
      );
      if (!row) throw new Failure('FOREIGN_FILL_UNKNOWN', `${account} has no foreign fill ${key}`, { account, key });
    },
  };
}
