import { randomUUID } from 'node:crypto';
import type { Role } from '#activities/ports/people.ts';
import { Failure } from '#domain/failure.ts';
import { appendRecord } from './auditLog.ts';
import type { Database, Queryable } from './database.ts';
import { changePassword, createSecrets, deactivate, replaceKey, replaceRoles } from './people.ts';

/** A key of a person, without its secret. */
export interface PersonKey {
  /** SHA-256 of the public key. */
  readonly key: string;
  /** Wall time, milliseconds since 1970 UTC. */
  readonly registeredAtMs: number;
  /** Since when it signs nothing new; absent for the present one. */
  readonly revokedAtMs?: number;
}

/** A person as the register has them. */
export interface RegisteredPerson {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
  /** Oldest first. */
  readonly keys: readonly PersonKey[];
}

/** Who is let in, by whom: every change is written to the audit chain in the same transaction. */
export interface Admissions {
  list(): Promise<readonly RegisteredPerson[]>;
  /**
   * Lets a person in, with a new key. A revoked person may come back under their name, which keeps two signatures of
   * one person from counting as two people's.
   * @throws Failure PERSON_EXISTS, PERSON_NAME_REFUSED, PASSWORD_REFUSED
   */
  add(request: {
    readonly name: string;
    readonly password: string;
    readonly roles: readonly Role[];
    readonly by: string;
  }): Promise<void>;
  /** Lets a person in no more; what they signed still verifies. @throws Failure PERSON_UNKNOWN */
  revoke(request: { readonly name: string; readonly by: string }): Promise<void>;
  /**
   * Another password for a person who lost theirs: it opens a new key, and the old one is revoked.
   * @throws Failure PERSON_UNKNOWN, PASSWORD_REFUSED
   */
  resetPassword(request: { readonly name: string; readonly password: string; readonly by: string }): Promise<void>;
  /** Another password by its owner, for the same key. @throws Failure CREDENTIALS_REFUSED, PASSWORD_REFUSED */
  changePassword(request: {
    readonly name: string;
    readonly password: string;
    readonly newPassword: string;
  }): Promise<void>;
}

const namePattern = /^[a-z][a-z0-9.-]{0,39}$/;
// NIST SP 800-63B: length counts, composition rules do not; the upper bound is what the login form takes.
const passwordLength = { min: 12, max: 500 } as const;

/** Admissions over a migrated database. */
export function createAdmissions(database: Database): Admissions {
  return {
    list: () => list(database),

    async add({ name, password, roles, by }) {
      refuseName(name);
      refusePassword(password);
      const { passwordHash, key } = await createSecrets(name, password);
      await database.transaction(async (transaction) => {
        const written = await transaction.query(
          `INSERT INTO people (name, password_hash) VALUES ($1, $2)
           ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, active = true
           WHERE NOT people.active RETURNING name`,
          [name, passwordHash],
        );
        if (written.length === 0) throw new Failure('PERSON_EXISTS', `${name} is registered already`, { name });
        await replaceKey(transaction, name, key);
        const given = await replaceRoles(transaction, name, roles);
        await record(transaction, { name, by, action: 'person.added', body: { roles: given, key: key.key } });
      });
    },

    revoke: ({ name, by }) =>
      database.transaction(async (transaction) => {
        if (!(await deactivate(transaction, name))) throw unknown(name);
        await record(transaction, { name, by, action: 'person.revoked', body: {} });
      }),

    async resetPassword({ name, password, by }) {
      refusePassword(password);
      const { passwordHash, key } = await createSecrets(name, password);
      await database.transaction(async (transaction) => {
        const written = await transaction.query(
          'UPDATE people SET password_hash = $2 WHERE name = $1 AND active RETURNING name',
          [name, passwordHash],
        );
        if (written.length === 0) throw unknown(name);
        await replaceKey(transaction, name, key);
        await record(transaction, { name, by, action: 'person.passwordReset', body: { key: key.key } });
      });
    },

    async changePassword(request) {
      const { name } = request;
      refusePassword(request.newPassword);
      const changed = await changePassword(database, request, (transaction) =>
        record(transaction, { name, by: name, action: 'person.passwordChanged', body: {} }),
      );
      if (!changed) throw new Failure('CREDENTIALS_REFUSED', `the password does not open ${name}`, { name });
    },
  };
}

interface PersonRow extends Record<string, unknown> {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
  readonly keys: readonly { readonly key: string; readonly registered: number; readonly revoked: number | null }[];
}

async function list(database: Database): Promise<readonly RegisteredPerson[]> {
  const rows = await database.query<PersonRow>(
    `SELECT name, active,
       coalesce((SELECT jsonb_agg(role ORDER BY role) FROM person_roles WHERE person_roles.name = people.name), '[]')
         AS roles,
       coalesce((SELECT jsonb_agg(jsonb_build_object('key', key,
           'registered', floor(extract(epoch FROM registered_at) * 1000),
           'revoked', floor(extract(epoch FROM revoked_at) * 1000)) ORDER BY registered_at, key)
         FROM person_keys WHERE person_keys.name = people.name), '[]') AS keys
     FROM people ORDER BY name`,
  );
  return rows.map(({ name, roles, active, keys }) => ({
    name,
    roles,
    active,
    keys: keys.map(({ key, registered, revoked }) => ({
      key,
      registeredAtMs: registered,
      ...(revoked !== null && { revokedAtMs: revoked }),
    })),
  }));
}

async function record(
  transaction: Queryable,
  event: {
    readonly name: string;
    readonly by: string;
    readonly action: string;
    readonly body: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { name, by, action, body } = event;
  // What is done to a person may be done again: every time is an event of its own.
  const written = { key: `${action}:${name}:${randomUUID()}`, actor: by, action, subject: `person:${name}`, body };
  await appendRecord(transaction, written);
}

function refuseName(name: string): void {
  if (namePattern.test(name)) return;
  const message = `${JSON.stringify(name)} is no name: lower-case letters, digits, dots and hyphens, 40 at most`;
  throw new Failure('PERSON_NAME_REFUSED', message, { name });
}

function refusePassword({ length }: string): void {
  const { min, max } = passwordLength;
  if (length >= min && length <= max) return;
  throw new Failure('PASSWORD_REFUSED', `a password has ${min} to ${max} characters, not ${length}`, { min, max });
}

function unknown(name: string): Failure {
  return new Failure('PERSON_UNKNOWN', `no active person is called ${name}`, { name });
}
