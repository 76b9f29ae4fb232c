import type { Ledger } from '#activities/ports/ledger.ts';
import type { Database } from '../database.ts';
import { createBooks } from './books.ts';
import { createClaims } from './claims.ts';
import { createFills } from './fills.ts';
import { createIncidents } from './incidents.ts';
import { createSessionPlans } from './sessionPlans.ts';
import { createSessions } from './sessions.ts';
import { createSettlements } from './settlements.ts';
import { createTradingStates } from './tradingStates.ts';

/** The ledger over a migrated database. */
export function createLedger(database: Database): Ledger {
  return {
    ...createTradingStates(database),
    ...createClaims(database),
    ...createSettlements(database),
    ...createFills(database),
    ...createBooks(database),
    ...createIncidents(database),
    ...createSessions(database),
    ...createSessionPlans(database),
  };
}
