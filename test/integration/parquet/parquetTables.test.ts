import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test, vi } from 'vitest';
import type { ColumnTable } from '#activities/ports/columnTables.ts';
import { parquetTables } from '#infra/parquet/parquetTables.ts';
import { failureCode } from '../failureCode.ts';

const double = (name: string, values: readonly number[]): ColumnTable[number] => ({
  name,
  type: 'double',
  values: Float64Array.from(values),
});

describe('tables', () => {
  test('come back with every bit of every double', async () => {
    const values = [0, -0, 0.1, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE, 2 ** 53 + 2];
    const [column] = await parquetTables.decode(await parquetTables.encode([double('x', values)]));
    expect(column?.values.length).toBe(values.length);
    values.forEach((value, index) => expect(Object.is(column?.values[index], value)).toBe(true));
  });

  test('come back as they were, for any names, texts and doubles', async () => {
    const row = fc.tuple(fc.string({ unit: 'grapheme' }), fc.double());
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), fc.string({ minLength: 1 }), async (rows, name) => {
        const table: ColumnTable = [
          { name: `text ${name}`, type: 'text', values: rows.map(([text]) => text) },
          double(
            `double ${name}`,
            rows.map(([, value]) => value),
          ),
        ];
        expect(await parquetTables.decode(await parquetTables.encode(table))).toEqual(table);
      }),
      { numRuns: 25 },
    );
  });

  test('keep their rows in order over many chunks', async () => {
    const rows = 50_000;
    const table: ColumnTable = [
      { name: 'session', type: 'text', values: Array.from({ length: rows }, (_, index) => `s${index}`) },
      double(
        'index',
        Array.from({ length: rows }, (_, index) => index),
      ),
    ];
    expect(await parquetTables.decode(await parquetTables.encode(table))).toEqual(table);
  });

  test.each([1, 200, 300])('keep %i texts that come again and again, quotes and empty ones too', async (texts) => {
    const rows = 5_000;
    const values = Array.from({ length: rows }, (_, index) => (index % texts === 0 ? '' : `it's "${index % texts}"`));
    const table: ColumnTable = [
      { name: 'text', type: 'text', values },
      double(
        'index',
        values.map((_, index) => index),
      ),
    ];
    expect(await parquetTables.decode(await parquetTables.encode(table))).toEqual(table);
  });

  test('are the same bytes when written twice', async () => {
    const table = [double('x', [1, 2, Number.NaN])];
    expect(await parquetTables.encode(table)).toEqual(await parquetTables.encode(table));
  });

  test('leave no file behind, written, read or refused', async () => {
    // A folder of its own: other tests write tables at the same time.
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-tables-'));
    vi.stubEnv('TMPDIR', folder);
    try {
      await parquetTables.decode(await parquetTables.encode([double('x', [1])]));
      await failureCode(parquetTables.decode(new Uint8Array([1, 2, 3])));
      expect(await readdir(folder)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    }
  });
});

describe('refusals', () => {
  test('TABLE_UNREADABLE: bytes that are no Parquet, or a Parquet file cut short', async () => {
    const whole = await parquetTables.encode([double('x', [1, 2, 3])]);
    expect(await failureCode(parquetTables.decode(new TextEncoder().encode('symbol,date')))).toBe('TABLE_UNREADABLE');
    expect(await failureCode(parquetTables.decode(whole.subarray(0, whole.length - 10)))).toBe('TABLE_UNREADABLE');
    expect(await failureCode(parquetTables.decode(new Uint8Array()))).toBe('TABLE_UNREADABLE');
  });

  test('TABLE_UNREADABLE: a column of another type, or a text that is absent', async () => {
    expect(await failureCode(parquetTables.decode(await foreignFile('SELECT 1::INTEGER AS x')))).toBe(
      'TABLE_UNREADABLE',
    );
    expect(await failureCode(parquetTables.decode(await foreignFile('SELECT NULL::VARCHAR AS x')))).toBe(
      'TABLE_UNREADABLE',
    );
  });

  test('an absent double of a foreign file is NaN', async () => {
    const table = await parquetTables.decode(await foreignFile('SELECT NULL::DOUBLE AS x'));
    expect(table).toEqual([double('x', [Number.NaN])]);
  });

  test('columns of unequal length, of one name or of none are refused', async () => {
    await expect(parquetTables.encode([double('x', [1]), double('y', [])])).rejects.toThrow(RangeError);
    await expect(parquetTables.encode([double('x', [1]), double('X', [1])])).rejects.toThrow(RangeError);
    await expect(parquetTables.encode([])).rejects.toThrow(RangeError);
  });
});

/** A Parquet file that another program wrote. */
async function foreignFile(select: string): Promise<Uint8Array> {
  const path = join(tmpdir(), `foreign-${process.pid}.parquet`);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return readFile(path);
}
