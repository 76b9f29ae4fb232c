import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPeople } from '#infra/postgres/people.ts';
import type { PeopleRegister } from '#infra/postgres/people.ts';
import { createTemporaryDatabase } from './temporaryDatabase.ts';
import type { TemporaryDatabase } from './temporaryDatabase.ts';

let temporary: TemporaryDatabase;
let people: PeopleRegister;

beforeAll(async () => {
  temporary = await createTemporaryDatabase(inject('stack').postgres.url);
  people = createPeople(temporary.database);
});
afterAll(() => temporary.drop());

const lifetimeMs = 60_000;

describe('people', () => {
  test('a role holds for an active person only', async () => {
    await people.register({ name: 'ada', password: 'correct horse', roles: ['reviewer', 'engineer'] });
    expect(await people.hasRole('ada', 'reviewer')).toBe(true);
    expect(await people.hasRole('ada', 'operator')).toBe(false);
    expect(await people.hasRole('nobody', 'reviewer')).toBe(false);
    await people.deactivate('ada');
    expect(await people.hasRole('ada', 'reviewer')).toBe(false);
    expect(await people.login({ name: 'ada', password: 'correct horse', lifetimeMs })).toBeUndefined();
    expect(await people.people()).toEqual([{ name: 'ada', roles: ['engineer', 'reviewer'], active: false }]);
  });

  test('a login lasts until it is ended, runs out, or the password changes', async () => {
    const grace = { name: 'grace', password: 'battery staple', roles: ['operator'] } as const;
    await people.register(grace);
    const person = { name: 'grace', roles: ['operator'], active: true };
    const login = await people.login({ ...grace, lifetimeMs });
    expect(login?.person).toEqual(person);
    expect(await people.personOfToken(login?.token ?? '')).toEqual(person);
    await people.logout(login?.token ?? '');
    expect(await people.personOfToken(login?.token ?? '')).toBeUndefined();

    const brief = await people.login({ ...grace, lifetimeMs: 0 });
    expect(await people.personOfToken(brief?.token ?? '')).toBeUndefined();

    const before = await people.login({ ...grace, lifetimeMs });
    await people.register({ ...grace, password: 'tr0ub4dor' });
    expect(await people.personOfToken(before?.token ?? '')).toBeUndefined();
    expect(await people.login({ ...grace, lifetimeMs })).toBeUndefined();
  });

  test('a wrong password, a wrong name and a made-up token let nobody in', async () => {
    await people.register({ name: 'joan', password: 'right', roles: [] });
    expect(await people.login({ name: 'joan', password: 'wrong', lifetimeMs })).toBeUndefined();
    expect(await people.login({ name: 'john', password: 'right', lifetimeMs })).toBeUndefined();
    expect(await people.personOfToken('made up')).toBeUndefined();
  });

  test('neither passwords nor tokens are stored', async () => {
    await people.register({ name: 'mary', password: 'plain text', roles: [] });
    const login = await people.login({ name: 'mary', password: 'plain text', lifetimeMs });
    const stored = await temporary.database.query(
      'SELECT p::text || coalesce(l::text, $1) AS row FROM people p LEFT JOIN logins l USING (name)',
      [''],
    );
    expect(stored.length).toBeGreaterThan(0);
    expect(JSON.stringify(stored)).not.toContain('plain text');
    expect(JSON.stringify(stored)).not.toContain(login?.token);
  });

  test('only the password opens the key, and the key outlives a changed password but not a reset one', async () => {
    const rosa = { name: 'rosa', password: 'first words', roles: ['reviewer'] } as const;
    await people.register(rosa);
    expect(await people.openKey({ name: 'rosa', password: 'other words' })).toBeUndefined();
    const opened = (await people.openKey(rosa))!;
    const signed = { name: 'rosa', key: opened.key, text: 'approve', signature: opened.sign('approve') };
    expect(await people.checkSignature(signed)).toBe('valid');
    expect(await people.checkSignature({ ...signed, text: 'reject' })).toBe('forged');
    expect(await people.checkSignature({ ...signed, name: 'grace' })).toBe('unknown');

    const change = { name: 'rosa', newPassword: 'second words' };
    expect(await people.changePassword({ ...change, password: 'other words' })).toBe(false);
    expect(await people.changePassword({ ...change, password: 'first words' })).toBe(true);
    expect(await people.openKey(rosa)).toBeUndefined();
    expect((await people.openKey({ name: 'rosa', password: 'second words' }))?.key).toBe(opened.key);

    await people.register({ ...rosa, password: 'reset by another' });
    expect((await people.openKey({ name: 'rosa', password: 'reset by another' }))?.key).not.toBe(opened.key);
    expect(await people.checkSignature(signed)).toBe('revoked');
  });

  test('a deactivated person signs no more', async () => {
    const nina = { name: 'nina', password: 'leaves soon', roles: ['reviewer'] } as const;
    await people.register(nina);
    const opened = (await people.openKey(nina))!;
    await people.deactivate('nina');
    expect(await people.openKey(nina)).toBeUndefined();
    const given = { name: 'nina', key: opened.key, text: 'approve', signature: opened.sign('approve') };
    expect(await people.checkSignature(given)).toBe('revoked');
  });
});
