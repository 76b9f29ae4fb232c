import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'pg';
import type { PoolClient, QueryResultRow } from 'pg';
import { columnTypes } from './columnTypes.ts';
import { isTransient, postgresFailure } from './postgresErrors.ts';
import { tracedQuery } from './queryTrace.ts';

/** How to reach PostgreSQL and how long to wait for it. */
export interface DatabaseOptions {
  /** `postgresql://user:password@host:port/database`. */
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Connections kept at most; 10 when absent. */
  readonly connectionsMax?: number;
  /** Longest one statement may run at the server; 15 seconds when absent. */
  readonly statementTimeoutMs?: number;
  /** Longest wait for a connection; 10 seconds when absent. */
  readonly connectTimeoutMs?: number;
}

/** Something that runs statements: the pool, or one transaction of it. */
export interface Queryable {
  /**
   * Rows of a statement with `$1` placeholders.
   * @throws Failure DATABASE_UNREACHABLE, DATABASE_TIMED_OUT, LINEAGE_BROKEN or ROW_CONFLICT
   */
  query<Row extends QueryResultRow>(statement: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** How a transaction runs. */
export interface TransactionOptions {
  /** `read committed` when absent. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** Attempts after serialization failures and deadlocks, the first included; 5 when absent. */
  readonly attemptsMax?: number;
}

const retryWaitMs = 10;

/** A pool of connections to one database. */
export class Database implements Queryable {
  readonly #pool: Pool;
  readonly #statementTimeoutMs: number;

  constructor({ url, applicationName, connectionsMax, statementTimeoutMs, connectTimeoutMs }: DatabaseOptions) {
    this.#statementTimeoutMs = statementTimeoutMs ?? 15_000;
    this.#pool = new Pool({
      connectionString: url,
      application_name: applicationName,
      max: connectionsMax ?? 10,
      connectionTimeoutMillis: connectTimeoutMs ?? 10_000,
      statement_timeout: this.#statementTimeoutMs,
      // A transaction whose owner froze must not hold an account's lock for ever.
      idle_in_transaction_session_timeout: 2 * this.#statementTimeoutMs,
      // The server's limit answers first; this one is for a server that no longer answers at all.
      query_timeout: this.#statementTimeoutMs + 5_000,
      keepAlive: true,
      types: columnTypes,
    });
    // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
    this.#pool.on('error', () => {});
  }

  async query<Row extends QueryResultRow>(statement: string, values?: readonly unknown[]): Promise<readonly Row[]> {
    try {
      return await run<Row>(this.#pool, statement, values);
    } catch (error) {
      throw postgresFailure(error);
    }
  }

  /**
   * Runs work in one transaction; work runs again from its start after a serialization failure or a deadlock, so it
   * must touch nothing but the transaction.
   * @throws Failure DATABASE_CONTENDED when every attempt lost; what work throws rolls back and is thrown on
   */
  async transaction<Answer>(
    work: (transaction: Queryable) => Promise<Answer>,
    { isolation = 'read committed', attemptsMax = 5 }: TransactionOptions = {},
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(work, isolation);
      } catch (error) {
        if (!isTransient(error) || attempt >= attemptsMax) throw postgresFailure(error);
        await delay(retryWaitMs * 2 ** attempt * Math.random());
      }
    }
  }

  /** Waits for the queries under way and closes every connection. */
  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #attempt<Answer>(work: (transaction: Queryable) => Promise<Answer>, isolation: string): Promise<Answer> {
    const client = await this.#pool.connect();
    // A connection that breaks while it is lent reports here too; its query rejects, which is what we act on.
    const ignore = (): void => {};
    client.on('error', ignore);
    let broken: Error | undefined;
    try {
      await run(client, `BEGIN ISOLATION LEVEL ${isolation.toUpperCase()}`);
      const answer = await work({ query: (statement, values) => run(client, statement, values) });
      await run(client, 'COMMIT');
      return answer;
    } catch (error) {
      await run(client, 'ROLLBACK').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  }
}

async function run<Row extends QueryResultRow>(
  client: Pool | PoolClient,
  statement: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const { rows } = await tracedQuery(statement, () => client.query<Row>(statement, [...values]));
  return rows;
}
