import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDesk } from '#console/desk/openDesk.ts';
import { runCommandLine } from '#console/program.ts';
import { registerDemonstrationPeople } from '#console/start/demonstrationPeople.ts';
import { resolveWithOrigins } from '#infra/configuration/resolveSettings.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../postgres/temporaryDatabase.ts';

let temporary: TemporaryDatabase;
beforeAll(async () => {
  temporary = await createTemporaryDatabase(inject('stack').postgres.url);
});
afterAll(() => temporary.drop());

interface Given {
  readonly input?: string;
  readonly secrets?: readonly string[];
  readonly environment?: Record<string, string>;
}

/** Runs a command line at a desk that has PostgreSQL and nothing else. */
async function plimsoll(line: string, { input = '', secrets = [], environment = {} }: Given = {}) {
  const typed = [...secrets];
  const said = { out: '', error: '' };
  const exitCode = await runCommandLine(line.split(' '), {
    environment,
    checkout: '/nowhere',
    settings: () => resolveWithOrigins({ environment }),
    openDesk: async () =>
      openDesk({
        temporal: { address: '127.0.0.1:9', namespace: 'none' },
        postgresUrl: temporary.url,
        objects: inject('stack').objects,
        mlflowUrl: inject('stack').mlflow.url,
        brokers: {
          brokerOf: () => {
            throw new Error('people need no broker');
          },
          close: async () => undefined,
        },
        approvalsRequired: 2,
        links: [],
      }),
    askSecret: async () => typed.shift(),
    readInput: async () => input,
    untilStopped: async () => 'SIGTERM',
    writeOut: (text) => {
      said.out += text;
    },
    writeError: (text) => {
      said.error += text;
    },
  });
  return { exitCode, ...said };
}

const lifetimeMs = 60_000;
const password = 'correct horse battery';

describe('people', () => {
  test('are let in with a password from the standard input, and listed with their roles and keys', async () => {
    const added = await plimsoll('people add ada --role reviewer --role operator --password-stdin', {
      input: `${password}\n`,
    });
    expect(added).toMatchObject({ exitCode: 0, out: 'ada is let in as reviewer, operator' });
    const { out } = await plimsoll('people list --json');
    const key = (await createPeople(temporary.database).openKey({ name: 'ada', password }))?.key;
    expect(JSON.parse(out)).toEqual([
      {
        name: 'ada',
        roles: ['operator', 'reviewer'],
        active: true,
        keys: [{ key, registeredAtMs: expect.any(Number) }],
      },
    ]);
    expect((await plimsoll('people list')).out).toMatch(/ada +active +operator, reviewer +[0-9a-f]{16} +0/);
  });

  test.each([
    ['PERSON_EXISTS', 'people add ada --role reviewer --password-stdin', password],
    ['PERSON_NAME_REFUSED', 'people add Ada --role reviewer --password-stdin', password],
    ['PASSWORD_REFUSED', 'people add grace --role reviewer --password-stdin', 'short'],
    ['PERSON_UNKNOWN', 'people revoke grace', ''],
    ['PERSON_UNKNOWN', 'people password grace --reset --password-stdin', password],
    ['COMMAND_UNKNOWN', 'people add grace --role king --password-stdin', password],
    ['COMMAND_UNKNOWN', 'people add grace --password-stdin', password],
    ['CREDENTIALS_MISSING', 'people add grace --role reviewer', ''],
  ])('%s: refused and nothing changed: %s', async (code, line, input) => {
    const { exitCode, error } = await plimsoll(line, { input });
    expect(error).toMatch(new RegExp(`^${code}: `));
    expect(exitCode).not.toBe(0);
    expect(JSON.parse((await plimsoll('people list --json')).out)).toHaveLength(1);
  });

  test('PASSWORD_REFUSED: a password typed differently the second time is not taken', async () => {
    const { error } = await plimsoll('people add grace --role reviewer', { secrets: [password, `${password}!`] });
    expect(error).toMatch(/^PASSWORD_REFUSED: the two passwords differ/);
  });

  test('a person changes their password and keeps the key; CREDENTIALS_REFUSED without the present one', async () => {
    const people = createPeople(temporary.database);
    const before = await people.openKey({ name: 'ada', password });
    const change = 'people password ada --password-stdin';
    const input = 'another long password';
    const wrong = await plimsoll(change, { input, environment: { PLIMSOLL_PASSWORD: 'guess' } });
    expect([wrong.exitCode, wrong.error]).toEqual([3, expect.stringMatching(/^CREDENTIALS_REFUSED: /)]);
    const changed = await plimsoll(change, { input, environment: { PLIMSOLL_PASSWORD: password } });
    expect(changed.out).toBe('ada has a new password for the same key');
    expect((await people.openKey({ name: 'ada', password: input }))?.key).toBe(before?.key);
  });

  test('a reset makes a new key, and what the old one signed verifies as signed by a revoked key', async () => {
    const people = createPeople(temporary.database);
    const before = (await people.openKey({ name: 'ada', password: 'another long password' }))!;
    const signed = { name: 'ada', key: before.key, text: 'approve', signature: before.sign('approve') };
    const reset = await plimsoll('people password ada --reset', { secrets: [password, password] });
    expect(reset.out).toBe('ada has a new password and a new key');
    expect((await people.openKey({ name: 'ada', password }))?.key).not.toBe(before.key);
    expect(await people.checkSignature(signed)).toBe('revoked');
  });

  test('a revoked person neither logs in nor signs, earlier signatures verify, and they may come back by name', async () => {
    const people = createPeople(temporary.database);
    const key = (await people.openKey({ name: 'ada', password }))!;
    const signed = { name: 'ada', key: key.key, text: 'approve', signature: key.sign('approve') };
    const login = await people.login({ name: 'ada', password, lifetimeMs });
    expect((await plimsoll('people revoke ada')).out).toBe('ada is let in no more, their key is revoked');
    expect(await people.personOfToken(login?.token ?? '')).toBeUndefined();
    expect(await people.login({ name: 'ada', password, lifetimeMs })).toBeUndefined();
    expect(await people.openKey({ name: 'ada', password })).toBeUndefined();
    expect(await people.checkSignature(signed)).toBe('revoked');
    expect(await people.checkSignature({ ...signed, text: 'reject' })).toBe('forged');

    const again = await plimsoll('people add ada --role engineer --password-stdin', { input: password });
    expect(again.exitCode).toBe(0);
    expect(await people.hasRole('ada', 'reviewer')).toBe(false);
    expect(await people.checkSignature(signed)).toBe('revoked');
  });

  test('every change is in the audit chain, without a password', async () => {
    const audit = createAuditLog(temporary.database);
    const records = await audit.records({ subject: 'person:ada' });
    expect(records.map(({ action }) => action)).toEqual([
      'person.added',
      'person.passwordChanged',
      'person.passwordReset',
      'person.revoked',
      'person.added',
    ]);
    expect(JSON.stringify(records)).not.toMatch(/horse|another long/);
    expect(await audit.verify()).toMatchObject({ verified: true });
  });
});

describe('the demonstration reviewers', () => {
  test('exist in a PostgreSQL of our own and in none that was given', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-people-'));
    const { url } = temporary;
    const names = async (): Promise<readonly string[]> =>
      (await createPeople(temporary.database).people()).map(({ name }) => name);
    const before = await names();
    expect(await registerDemonstrationPeople({ home, given: { postgresUrl: url } }, url)).toEqual([]);
    expect(await names()).toEqual(before);
    const invented = await registerDemonstrationPeople({ home, given: {} }, url);
    expect(invented.map(({ name }) => name)).toEqual(['ada', 'grace']);
    expect(await names()).toEqual(['ada', 'grace']);
    // A home that was embedded once has their passwords still, and gives them to no other PostgreSQL.
    expect(await registerDemonstrationPeople({ home, given: { postgresUrl: url } }, url)).toEqual([]);
    rmSync(home, { recursive: true });
  });

  test('DEMONSTRATION_REFUSED: nobody approves unattended on a PostgreSQL that was given', async () => {
    const environment = { PLIMSOLL_POSTGRES_URL: temporary.url };
    const { exitCode, error } = await plimsoll('start --unattended', { environment });
    expect([exitCode, error]).toEqual([3, expect.stringMatching(/^DEMONSTRATION_REFUSED: /)]);
  });
});
