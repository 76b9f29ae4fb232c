import type { Incident, Ledger } from '#activities/ports/ledger.ts';
import type { Database } from '../database.ts';

/** What went wrong in sessions, each once. */
export function createIncidents(database: Database): Pick<Ledger, 'recordIncident' | 'incidents'> {
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
  };
}
