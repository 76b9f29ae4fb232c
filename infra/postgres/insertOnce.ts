import { Failure } from '#domain/failure.ts';
import { canonicalJson } from '#domain/canonicalJson.ts';
import type { Queryable } from './database.ts';

/** A row that is written once under its key. Values are what the columns read back as: text, integers, plain JSON. */
export interface OnceRow {
  readonly table: string;
  /** Columns of the key; a unique constraint over them must exist. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, unknown>>;
}

/**
 * Inserts a row unless its key is taken by an equal one.
 * @returns true when this call wrote it
 * @throws Failure ROW_CONFLICT when the row under the key is a different one
 */
export async function insertOnce(queryable: Queryable, { table, key, columns }: OnceRow): Promise<boolean> {
  const names = Object.keys(columns);
  const placeholders = names.map((_, index) => `$${index + 1}`);
  const inserted = await queryable.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${placeholders.join(', ')})
     ON CONFLICT (${key.join(', ')}) DO NOTHING RETURNING true AS written`,
    names.map((name) => parameter(columns[name])),
  );
  if (inserted.length > 0) return true;
  const [present] = await queryable.query<Record<string, unknown>>(
    `SELECT ${names.join(', ')} FROM ${table} WHERE ${key.map((name, index) => `${name} = $${index + 1}`).join(' AND ')}`,
    key.map((name) => columns[name]),
  );
  const differing = names.filter((name) => present && canonical(present[name]) !== canonical(columns[name]));
  if (!present || differing.length > 0) {
    const identity = key.map((name) => String(columns[name])).join(', ');
    throw new Failure('ROW_CONFLICT', `${table} already holds another row under ${identity}`, {
      table,
      key: identity,
      differing,
    });
  }
  return false;
}

// pg writes arrays as PostgreSQL arrays and objects as JSON; our structured columns are all jsonb.
function parameter(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function canonical(value: unknown): string {
  return canonicalJson(value ?? null);
}
