import type { TradingStatus } from '#domain/marketEvents.ts';
import type { Database } from './database.ts';

/** The last word on trading in a symbol. */
export interface StatedStatus {
  readonly symbol: string;
  readonly status: TradingStatus['status'];
  /** In the venue's own code, e.g. `T1` or `LUDP`; empty for none. */
  readonly reason: string;
  /** When it was said, milliseconds since 1970 UTC. */
  readonly saidMs: number;
  /** The feed, or the person. */
  readonly saidBy: string;
}

/** Halts and pauses of symbols, as feeds and people publish them; every claim of an order looks here. */
export interface TradingStatuses {
  /** Keeps the word unless a later one is known. */
  publish(status: StatedStatus): Promise<void>;
  /** Symbols in which nothing is bought now, sorted. */
  halted(): Promise<readonly StatedStatus[]>;
}

/** The statuses over a migrated database. */
export function createTradingStatuses(database: Database): TradingStatuses {
  return {
    async publish({ symbol, status, reason, saidMs, saidBy }) {
      await database.query(
        `INSERT INTO trading_statuses AS known (symbol, status, reason, said_ms, said_by) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (symbol) DO UPDATE SET status = excluded.status, reason = excluded.reason,
           said_ms = excluded.said_ms, said_by = excluded.said_by, recorded_at = clock_timestamp()
         WHERE excluded.said_ms >= known.said_ms`,
        [symbol, status, reason, saidMs, saidBy],
      );
    },

    halted: () =>
      database.query<StatedStatus>(
        `SELECT symbol, status, reason, said_ms AS "saidMs", said_by AS "saidBy" FROM trading_statuses
         WHERE status <> 'trading' ORDER BY symbol`,
      ),
  };
}
