import { randomBytes } from 'node:crypto';
import type { People, Role } from '#activities/ports/people.ts';
import { sha256 } from '#domain/sha256.ts';
import type { Database, Queryable } from './database.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import { checkSignature, insertKey, presentKey, revokeKeys } from './personKeys.ts';
import { createStoredKey, openStoredKey, resealStoredKey, type SigningKey, type StoredKey } from './signingKeys.ts';

/** A person who may touch the system. */
interface Person {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
}

/** A login: the token goes to the person's browser, only its hash is kept. */
interface Login {
  readonly token: string;
  readonly person: Person;
}

/** People with passwords and logins in PostgreSQL. */
export interface PeopleRegister extends People {
  /**
   * Registers a person, or replaces the password, the roles and the key of one: whoever resets a password cannot sign
   * with the old key. Logins of an earlier password end.
   */
  register(request: {
    readonly name: string;
    readonly password: string;
    readonly roles: readonly Role[];
  }): Promise<Person>;
  /**
   * Replaces a password by its owner: the key stays, under the new password; logins end.
   * @returns false when the present password is wrong
   */
  changePassword(request: {
    readonly name: string;
    readonly password: string;
    readonly newPassword: string;
  }): Promise<boolean>;
  /** The key an active person signs with; undefined when name and password do not open one. */
  openKey(request: { readonly name: string; readonly password: string }): Promise<SigningKey | undefined>;
  /** Lets a person in no more, revokes their key and ends their logins. */
  deactivate(name: string): Promise<void>;
  people(): Promise<readonly Person[]>;
  /** A login for the password, or undefined; a wrong name and a wrong password cannot be told apart, not by time either. */
  login(request: {
    readonly name: string;
    readonly password: string;
    readonly lifetimeMs: number;
  }): Promise<Login | undefined>;
  /** Who a token belongs to, while it lasts and the person is active. */
  personOfToken(token: string): Promise<Person | undefined>;
  logout(token: string): Promise<void>;
}

const personColumns = `name, active, coalesce(
  (SELECT jsonb_agg(role ORDER BY role) FROM person_roles WHERE person_roles.name = people.name), '[]') AS roles`;
const tokenBytes = 32;

/** People over a migrated database. */
export function createPeople(database: Database): PeopleRegister {
  return {
    async hasRole(name, role) {
      const rows = await database.query(
        'SELECT 1 FROM people JOIN person_roles USING (name) WHERE name = $1 AND role = $2 AND active',
        [name, role],
      );
      return rows.length > 0;
    },

    checkSignature: (given) => checkSignature(database, given),

    register: (request) => register(database, request),

    changePassword: (request) => changePassword(database, request),

    async openKey({ name, password }) {
      const stored = await presentKey(database, name);
      return stored && openStoredKey(name, password, stored);
    },

    deactivate: async (name) => void (await database.transaction((transaction) => deactivate(transaction, name))),

    people: () => database.query<PersonRow>(`SELECT ${personColumns} FROM people ORDER BY name`),

    login: (request) => login(database, request),

    async personOfToken(token) {
      const rows = await database.query<PersonRow>(
        `SELECT ${personColumns} FROM people JOIN logins USING (name)
         WHERE token_hash = $1 AND expires_at > clock_timestamp() AND active`,
        [sha256(token)],
      );
      return rows[0];
    },

    async logout(token) {
      await database.query('DELETE FROM logins WHERE token_hash = $1', [sha256(token)]);
    },
  };
}

type PersonRow = Person & Readonly<Record<string, unknown>>;

async function register(
  database: Database,
  { name, password, roles }: { readonly name: string; readonly password: string; readonly roles: readonly Role[] },
): Promise<Person> {
  const secrets = await createSecrets(name, password);
  return database.transaction(async (transaction) => {
    await transaction.query(
      `INSERT INTO people (name, password_hash) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, active = true`,
      [name, secrets.passwordHash],
    );
    await replaceKey(transaction, name, secrets.key);
    return { name, roles: await replaceRoles(transaction, name, roles), active: true };
  });
}

/** A password as it is kept, with a new key that it opens. */
export async function createSecrets(
  name: string,
  password: string,
): Promise<{ readonly passwordHash: string; readonly key: StoredKey }> {
  return { passwordHash: await hashPassword(password), key: await createStoredKey(name, password) };
}

/** A person's new key instead of the one they had; logins of the earlier password end. */
export async function replaceKey(transaction: Queryable, name: string, key: StoredKey): Promise<void> {
  await transaction.query('DELETE FROM logins WHERE name = $1', [name]);
  await revokeKeys(transaction, name);
  await insertKey(transaction, name, key);
}

/** The roles a person has from now on; answers them sorted, each once. */
export async function replaceRoles(
  transaction: Queryable,
  name: string,
  roles: readonly Role[],
): Promise<readonly Role[]> {
  const distinct = [...new Set(roles)].sort();
  await transaction.query('DELETE FROM person_roles WHERE name = $1', [name]);
  await transaction.query('INSERT INTO person_roles (name, role) SELECT $1, unnest($2::text[])', [name, distinct]);
  return distinct;
}

/** Lets a person in no more: no login, no key. Answers whether an active person had the name. */
export async function deactivate(transaction: Queryable, name: string): Promise<boolean> {
  const rows = await transaction.query('UPDATE people SET active = false WHERE name = $1 AND active RETURNING name', [
    name,
  ]);
  await revokeKeys(transaction, name);
  await transaction.query('DELETE FROM logins WHERE name = $1', [name]);
  return rows.length > 0;
}

async function login(
  database: Database,
  { name, password, lifetimeMs }: { readonly name: string; readonly password: string; readonly lifetimeMs: number },
): Promise<Login | undefined> {
  const [row] = await database.query<PersonRow & { passwordHash: string }>(
    `SELECT ${personColumns}, password_hash AS "passwordHash" FROM people WHERE name = $1 AND active`,
    [name],
  );
  const matches = await passwordMatches(password, row?.passwordHash);
  if (!row || !matches) return undefined;
  const token = randomBytes(tokenBytes).toString('base64url');
  await database.transaction(async (transaction) => {
    await transaction.query('DELETE FROM logins WHERE expires_at <= clock_timestamp()');
    // A password replaced, or a person deactivated, while we verified leaves no login behind.
    await transaction.query(
      `INSERT INTO logins (token_hash, name, expires_at)
       SELECT $1, name, clock_timestamp() + $2 * interval '1 millisecond'
       FROM people WHERE name = $3 AND active AND password_hash = $4 FOR SHARE`,
      [sha256(token), lifetimeMs, name, row.passwordHash],
    );
  });
  const { roles, active } = row;
  return { token, person: { name, roles, active } };
}

/**
 * Replaces a password by its owner: the key stays, under the new password; logins end.
 * @param alongside work of the same transaction
 * @returns false when the present password is wrong
 */
export async function changePassword(
  database: Database,
  request: { readonly name: string; readonly password: string; readonly newPassword: string },
  alongside: (transaction: Queryable) => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  const { name, newPassword } = request;
  const stored = await presentKey(database, name);
  const sealed = stored && (await resealStoredKey(name, request, stored));
  if (!stored || sealed === undefined) return false;
  const hash = await hashPassword(newPassword);
  return database.transaction(async (transaction) => {
    // Replaced or revoked meanwhile, the key is not ours to write any more.
    const changed = await transaction.query(
      `UPDATE person_keys SET sealed_private_key = $3 WHERE key = $1 AND revoked_at IS NULL AND sealed_private_key = $2
       RETURNING key`,
      [stored.key, stored.sealedPrivateKey, sealed],
    );
    if (changed.length === 0) return false;
    await transaction.query('UPDATE people SET password_hash = $2 WHERE name = $1', [name, hash]);
    await transaction.query('DELETE FROM logins WHERE name = $1', [name]);
    await alongside(transaction);
    return true;
  });
}
