import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { Database } from '#infra/postgres/database.ts';
import { migrate } from '#infra/postgres/migrate.ts';

/** A database of one test file, migrated, on the shared server. */
export interface TemporaryDatabase {
  readonly url: string;
  readonly database: Database;
  drop(): Promise<void>;
}

/** Creates a database of its own name, so that test files cannot see each other's rows. */
export async function createTemporaryDatabase(serverUrl: string): Promise<TemporaryDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(serverUrl, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  await migrate(url);
  const database = new Database({ url, applicationName: 'plimsoll-test', connectionsMax: 25 });
  return {
    url,
    database,
    async drop() {
      await database.close();
      await administer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
