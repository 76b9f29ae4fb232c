import type { Database } from '#infra/postgres/database.ts';

const tables = ['fills', 'orders', 'trading_sessions', 'decisions'];
const each = (statement: (table: string) => string): string => tables.map(statement).join('; ');

/** A person at the database, past every trigger and foreign key. */
export interface Tamper {
  readonly run: (statements: string) => Promise<unknown>;
  /** Keeps the rows of the trading day as they are, then runs a statement. */
  readonly runKeeping: (statement: string) => Promise<unknown>;
  /** Puts the rows back as they were kept. */
  readonly putBack: () => Promise<unknown>;
}

/** Somebody who tampers with a database. */
export function tamperWith(database: Database): Tamper {
  const run = (statements: string): Promise<unknown> =>
    database.query(`SET session_replication_role = replica; ${statements}; SET session_replication_role = DEFAULT`);
  return {
    run,
    runKeeping: (statement) =>
      run(`${each((table) => `CREATE TABLE before_${table} AS TABLE ${table}`)}; ${statement}`),
    putBack: () =>
      run(
        each(
          (table) =>
            `DELETE FROM ${table}; INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM before_${table}; DROP TABLE before_${table}`,
        ),
      ),
  };
}
