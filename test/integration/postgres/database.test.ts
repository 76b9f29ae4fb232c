import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Database } from '#infra/postgres/database.ts';
import { migrate } from '#infra/postgres/migrate.ts';
import { failureCode } from '../failureCode.ts';
import { createTemporaryDatabase } from './temporaryDatabase.ts';
import type { TemporaryDatabase } from './temporaryDatabase.ts';

let temporary: TemporaryDatabase;
let database: Database;

beforeAll(async () => {
  temporary = await createTemporaryDatabase(inject('stack').postgres.url);
  ({ database } = temporary);
});
afterAll(() => temporary.drop());

const everyMigration = readdirSync(new URL('../../../infra/postgres/migrations/', import.meta.url))
  .map((name) => name.replace(/\.sql$/, ''))
  .toSorted();

describe('migrations', () => {
  test('run once however many processes start at the same moment', async () => {
    const empty = await createTemporaryDatabase(inject('stack').postgres.url);
    try {
      await empty.database.query('DROP SCHEMA public CASCADE');
      await empty.database.query('CREATE SCHEMA public');
      const runs = await Promise.all(Array.from({ length: 4 }, () => migrate(empty.url)));
      expect(runs.filter((names) => names.length > 0)).toHaveLength(1);
      expect(runs.flat()).toEqual(everyMigration);
      expect(await migrate(empty.url)).toEqual([]);
    } finally {
      await empty.drop();
    }
  });
});

describe('values', () => {
  test('int8 is a safe integer, and a date is its text', async () => {
    const [row] = await database.query<{ amount: number; session: string }>(
      `SELECT 9007199254740991::bigint AS amount, '2020-03-16'::date AS session`,
    );
    expect(row).toEqual({ amount: Number.MAX_SAFE_INTEGER, session: '2020-03-16' });
  });

  test('an int8 that a number cannot hold exactly is refused, not rounded', async () => {
    await expect(database.query('SELECT 9007199254740993::bigint AS amount')).rejects.toThrow(/2\^53/);
    expect(await database.query('SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });
});

describe('transactions', () => {
  test('what fails leaves nothing behind', async () => {
    await database.query('CREATE TABLE scratch (value int)');
    const attempt = database.transaction(async (transaction) => {
      await transaction.query('INSERT INTO scratch VALUES (1)');
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    expect(await database.query('SELECT * FROM scratch')).toEqual([]);
  });

  test('a serialization failure runs the transaction again from its start', async () => {
    await database.query('CREATE TABLE counter (value int)');
    await database.query('INSERT INTO counter VALUES (0)');
    const increment = (): Promise<void> =>
      database.transaction(
        async (transaction) => {
          const [row] = await transaction.query<{ value: number }>('SELECT value FROM counter');
          await transaction.query('UPDATE counter SET value = $1', [(row?.value ?? 0) + 1]);
        },
        { isolation: 'serializable', attemptsMax: 50 },
      );
    await Promise.all(Array.from({ length: 8 }, increment));
    expect(await database.query('SELECT value FROM counter')).toEqual([{ value: 8 }]);
  });

  test('DATABASE_CONTENDED is thrown when every attempt lost', async () => {
    let attempts = 0;
    const lost = database.transaction(
      async (transaction) => {
        attempts += 1;
        await transaction.query(`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$`);
      },
      { attemptsMax: 3 },
    );
    expect(await failureCode(lost)).toBe('DATABASE_CONTENDED');
    expect(attempts).toBe(3);
  });
});

describe('limits', () => {
  test('DATABASE_TIMED_OUT: a statement over its limit is given up by the server', async () => {
    const hasty = new Database({ url: temporary.url, applicationName: 'hasty', statementTimeoutMs: 100 });
    try {
      expect(await failureCode(hasty.query('SELECT pg_sleep(5)'))).toBe('DATABASE_TIMED_OUT');
    } finally {
      await hasty.close();
    }
  });

  test('DATABASE_UNREACHABLE: nobody listens', async () => {
    const nobody = new Database({ url: 'postgresql://nobody:x@127.0.0.1:1/none', applicationName: 'nobody' });
    expect(await failureCode(nobody.query('SELECT 1'))).toBe('DATABASE_UNREACHABLE');
    expect(await failureCode(nobody.transaction(async () => {}))).toBe('DATABASE_UNREACHABLE');
    expect(await failureCode(migrate('postgresql://nobody:x@127.0.0.1:1/none'))).toBe('DATABASE_UNREACHABLE');
    await nobody.close();
  });

  test('a connection that the server ends is replaced at the next use', async () => {
    const ending = database.transaction(async (transaction) => {
      await transaction.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    expect(await failureCode(ending)).toBe('DATABASE_UNREACHABLE');
    expect(await database.query('SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });

  test('the application is named in pg_stat_activity', async () => {
    const rows = await database.query('SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()');
    expect(rows).toEqual([{ application_name: 'plimsoll-test' }]);
  });
});
