import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { AuditLog } from '#activities/ports/auditLog.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { failureCode } from '../failureCode.ts';
import { createTemporaryDatabase } from './temporaryDatabase.ts';
import type { TemporaryDatabase } from './temporaryDatabase.ts';

let temporary: TemporaryDatabase;
let audit: AuditLog;

beforeEach(async () => {
  temporary = await createTemporaryDatabase(inject('stack').postgres.url);
  audit = createAuditLog(temporary.database);
});
afterEach(() => temporary.drop());

const event = (number: number): Parameters<AuditLog['append']>[0] => ({
  key: `event:${number}`,
  actor: 'ada',
  action: 'test.happened',
  subject: number % 2 === 0 ? 'even' : 'odd',
  body: { number, text: 'naïve — ∑', tiny: 1e-7, huge: 1e21, minusZero: -0, nested: { b: [1, null], a: 0.1 + 0.2 } },
});

/** Changes the tables as somebody with the owner's rights could. */
async function tamper(statement: string): Promise<void> {
  await temporary.database.transaction(async (transaction) => {
    await transaction.query('ALTER TABLE audit_records DISABLE TRIGGER ALL');
    await transaction.query('ALTER TABLE audit_head DISABLE TRIGGER ALL');
    await transaction.query(statement);
  });
}

describe('the chain', () => {
  test('an empty chain verifies', async () => {
    expect(await audit.verify()).toEqual({ records: 0, verified: true, headHash: '0'.repeat(64) });
  });

  test('50 parallel appends leave a chain without gaps that verifies', async () => {
    const records = await Promise.all(Array.from({ length: 50 }, (_, number) => audit.append(event(number))));
    expect(records.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    const last = records.find(({ sequence }) => sequence === 50);
    expect(await audit.verify()).toEqual({ records: 50, verified: true, headHash: last?.hash });
    expect(await audit.records({ subject: 'even', limit: 3 })).toHaveLength(3);
    expect((await audit.records()).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });

  test('an event appended again, by many at once, stands once; ROW_CONFLICT when it differs', async () => {
    const records = await Promise.all(Array.from({ length: 10 }, () => audit.append(event(1))));
    expect(new Set(records.map(({ hash }) => hash)).size).toBe(1);
    expect(await failureCode(audit.append({ ...event(1), actor: 'mallory' }))).toBe('ROW_CONFLICT');
    expect(await audit.verify()).toMatchObject({ records: 1, verified: true });
  });

  test('a refused append leaves no gap', async () => {
    await audit.append(event(1));
    await expect(audit.append({ ...event(2), body: { undefinedNumber: Number.NaN } })).rejects.toThrow(RangeError);
    await expect(audit.append({ ...event(3), action: '' })).rejects.toThrow('audit_records_action_check');
    expect(await audit.append(event(4))).toMatchObject({ sequence: 2 });
  });
});

describe('protection', () => {
  test('the table refuses to change, lose or empty its records', async () => {
    await audit.append(event(1));
    for (const statement of [
      `UPDATE audit_records SET actor = 'mallory'`,
      'DELETE FROM audit_records',
      'TRUNCATE audit_records',
      'DELETE FROM audit_head',
    ]) {
      await expect(temporary.database.query(statement)).rejects.toThrow('never changed or removed');
    }
  });

  test.each([
    ['an altered body', `UPDATE audit_records SET body = jsonb_set(body, '{number}', '99') WHERE sequence = 3`, 3],
    ['an altered actor', `UPDATE audit_records SET actor = 'mallory' WHERE sequence = 1`, 1],
    ['an altered time', 'UPDATE audit_records SET recorded_at_ms = recorded_at_ms + 1 WHERE sequence = 5', 5],
    ['a removed record', 'DELETE FROM audit_records WHERE sequence = 2', 2],
    ['a tail cut off', 'DELETE FROM audit_records WHERE sequence >= 4', 4],
    ['everything gone', 'DELETE FROM audit_records', 1],
  ])('%s breaks the chain where it happened', async (_, statement, brokenAt) => {
    for (let number = 1; number <= 5; number += 1) await audit.append(event(number));
    expect(await audit.verify()).toMatchObject({ verified: true });
    await tamper(statement);
    expect(await audit.verify()).toMatchObject({ verified: false, brokenAt });
  });

  test('AUDIT_CHAIN_BROKEN: nothing is appended to a chain that lost its head', async () => {
    await audit.append(event(1));
    await tamper('DELETE FROM audit_head');
    expect(await failureCode(audit.append(event(2)))).toBe('AUDIT_CHAIN_BROKEN');
    expect(await audit.verify()).toMatchObject({ verified: false, brokenAt: 2 });
  });
});
