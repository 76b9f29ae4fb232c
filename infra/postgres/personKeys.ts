import type { GivenSignature } from '#activities/ports/people.ts';
import type { SignatureStanding } from '#domain/reviewStatement.ts';
import type { Database, Queryable } from './database.ts';
import { isSignatureOf, type StoredKey } from './signingKeys.ts';

type KeyRow = Pick<StoredKey, 'key' | 'sealedPrivateKey'> & Readonly<Record<string, unknown>>;

/** The key an active person signs with, sealed. */
export async function presentKey(queryable: Queryable, name: string): Promise<KeyRow | undefined> {
  const [row] = await queryable.query<KeyRow>(
    `SELECT key, sealed_private_key AS "sealedPrivateKey" FROM person_keys JOIN people USING (name)
     WHERE name = $1 AND active AND revoked_at IS NULL`,
    [name],
  );
  return row;
}

/** Revokes whatever key a person has: it signs nothing new, and what it signed stays to be checked. */
export async function revokeKeys(transaction: Queryable, name: string): Promise<void> {
  await transaction.query(
    'UPDATE person_keys SET revoked_at = clock_timestamp() WHERE name = $1 AND revoked_at IS NULL',
    [name],
  );
}

/** What a signature is worth. */
export async function checkSignature(
  database: Database,
  { name, key, text, signature }: GivenSignature,
): Promise<SignatureStanding> {
  const [row] = await database.query<{ publicKey: string; revoked: boolean }>(
    `SELECT public_key AS "publicKey", revoked_at IS NOT NULL AS revoked FROM person_keys WHERE key = $1 AND name = $2`,
    [key, name],
  );
  if (!row) return 'unknown';
  if (!isSignatureOf(row.publicKey, text, signature)) return 'forged';
  return row.revoked ? 'revoked' : 'valid';
}

/** Stores a key as the person's present one. */
export async function insertKey(
  transaction: Queryable,
  name: string,
  { key, publicKey, sealedPrivateKey }: StoredKey,
): Promise<void> {
  await transaction.query(
    'INSERT INTO person_keys (key, name, public_key, sealed_private_key) VALUES ($1, $2, $3, $4)',
    [key, name, publicKey, sealedPrivateKey],
  );
}
