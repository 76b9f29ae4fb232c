import type { Ledger } from '#activities/ports/ledger.ts';
import { canonicalJson } from '#domain/canonicalJson.ts';
import type { PlannedOrder } from '#domain/plannedOrder.ts';
import type { Database } from '../database.ts';

/** What was planned on decisions; the first plan of each stands. */
export function createSessionPlans(database: Database): Pick<Ledger, 'sessionPlan' | 'recordSessionPlan'> {
  const sessionPlan: Ledger['sessionPlan'] = async (decisionId) => {
    const [row] = await database.query<{ orders: readonly PlannedOrder[] }>(
      'SELECT orders FROM session_plans WHERE decision_id = $1',
      [decisionId],
    );
    return row?.orders;
  };
  return {
    sessionPlan,

    async recordSessionPlan(decisionId, orders) {
      await database.query(
        'INSERT INTO session_plans (decision_id, orders) VALUES ($1, $2) ON CONFLICT (decision_id) DO NOTHING',
        [decisionId, canonicalJson(orders)],
      );
      const standing = await sessionPlan(decisionId);
      if (!standing) throw new Error(`the plan of ${decisionId} vanished`);
      return standing;
    },
  };
}
