import { types } from 'pg';
import type { CustomTypesConfig } from 'pg';

// Object identifiers of pg_type.
const int8 = 20;
const date = 1082;

// The declared parameter is an enum of the types pg knows by name; any object identifier may come.
const parserOf = types.getTypeParser as (oid: number, format: string) => (text: string) => unknown;

/**
 * How columns become values: `int8` a safe integer (pg gives text), `date` the text `YYYY-MM-DD` (pg gives a Date at
 * local midnight). Everything else as pg reads it; `numeric` stays text and is cast in SQL where a sum is wanted.
 */
export const columnTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
    if (oid === int8) return safeInteger;
    if (oid === date) return (text) => text;
    return parserOf(oid, format ?? 'text');
  },
};

/**
 * An `int8` as a number.
 * @throws RangeError beyond 2^53 - 1: rounding money in silence is worse than stopping
 */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the database holds an integer beyond 2^53 - 1: ${text}`);
  return value;
}
