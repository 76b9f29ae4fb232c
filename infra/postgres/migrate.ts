import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { Client } from 'pg';
import { postgresFailure } from './postgresErrors.ts';

const folder = fileURLToPath(new URL('migrations', import.meta.url));

/**
 * Brings the schema to the newest migration. Safe to call from every process at once: an advisory lock lets one work
 * while the others wait and then find nothing to do. All pending migrations commit together or not at all.
 * @param url address of the database
 * @returns names of the migrations that ran
 * @throws Failure DATABASE_UNREACHABLE
 */
export async function migrate(url: string): Promise<readonly string[]> {
  // No statement timeout: the wait for the lock is a statement too.
  const client = new Client({
    connectionString: url,
    application_name: 'plimsoll-migrate',
    connectionTimeoutMillis: 10_000,
  });
  const silent = (): void => {};
  client.on('error', silent);
  try {
    await client.connect();
    const done = await runner({
      dbClient: client,
      dir: folder,
      direction: 'up',
      migrationsTable: 'schema_migrations',
      advisoryLockMode: 'wait',
      singleTransaction: true,
      logger: { info: silent, warn: silent, error: silent },
    });
    return done.map(({ name }) => name);
  } catch (error) {
    throw postgresFailure(error);
  } finally {
    await client.end().catch(silent);
  }
}
