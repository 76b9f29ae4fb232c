import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOUBLE, DuckDBDataChunk, DuckDBInstance, DuckDBTypeId, VARCHAR } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import type { ColumnTables } from '#activities/ports/columnTables.ts';
import type { Column, ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';

// DuckDB's vector size: a chunk holds at most so many rows.
const chunkRows = 2_048;

/**
 * Parquet in and out through an in-memory DuckDB. Doubles keep their bits, NaN included. The bytes are not an
 * identity: another version may lay the same table out differently.
 */
export const parquetTables: ColumnTables = {
  encode: (table) =>
    withTemporaryFile(async (path, connection) => {
      checkShape(table);
      await createTable(connection, table);
      await connection.run(`COPY columns TO ${text(path)} (FORMAT parquet, COMPRESSION zstd)`);
      return readFile(path);
    }),

  decode: (bytes) =>
    withTemporaryFile(async (path, connection) => {
      await writeFile(path, bytes);
      return readTable(await read(connection, path));
    }),
};

async function withTemporaryFile<Answer>(
  work: (path: string, connection: DuckDBConnection) => Promise<Answer>,
): Promise<Answer> {
  const path = join(tmpdir(), `plimsoll-${randomUUID()}.parquet`);
  // One thread writes the rows in their order and the same file for the same table.
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' });
  try {
    const connection = await instance.connect();
    try {
      return await work(path, connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
    await rm(path, { force: true });
  }
}

function checkShape(table: ColumnTable): void {
  const [first, ...others] = table;
  if (!first) throw new RangeError('a table needs a column');
  const odd = others.find(({ values }) => values.length !== first.values.length);
  if (odd)
    throw new RangeError(`column ${odd.name} has ${odd.values.length} rows, ${first.name} ${first.values.length}`);
  // DuckDB does not tell names apart by case.
  const names = new Set(table.map(({ name }) => name.toLowerCase()));
  if (names.size !== table.length || names.has('')) throw new RangeError('columns need names that differ');
}

async function createTable(connection: DuckDBConnection, table: ColumnTable): Promise<void> {
  const definitions = table.map(({ name, type }) => `${identifier(name)} ${type === 'text' ? 'VARCHAR' : 'DOUBLE'}`);
  await connection.run(`CREATE TABLE columns (${definitions.join(', ')})`);
  const rows = table[0]?.values.length ?? 0;
  const types = table.map(({ type }) => (type === 'text' ? VARCHAR : DOUBLE));
  const appender = await connection.createAppender('columns');
  for (let start = 0; start < rows; start += chunkRows) {
    const end = Math.min(start + chunkRows, rows);
    const chunk = DuckDBDataChunk.create(types, end - start);
    chunk.setColumns(table.map(({ values }) => Array.from<string | number>(values.slice(start, end))));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

async function read(connection: DuckDBConnection, path: string): Promise<DuckDBResult> {
  try {
    return await connection.run(`SELECT * FROM read_parquet(${text(path)})`);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message.replaceAll(path, 'the file') : String(error));
  }
}

async function readTable(result: DuckDBResult): Promise<ColumnTable> {
  const columns = await result.getColumns();
  return result.columnNames().map((name, index): Column => {
    const values = columns[index] ?? [];
    const type = result.columnTypeId(index);
    if (type === DuckDBTypeId.VARCHAR) {
      return { name, type: 'text', values: values.map((value) => presentText(value, name)) };
    }
    if (type === DuckDBTypeId.DOUBLE) {
      return { name, type: 'double', values: Float64Array.from(values, (value) => (value ?? Number.NaN) as number) };
    }
    throw unreadable(`column ${name} holds ${String(result.columnType(index))}`);
  });
}

function presentText(value: DuckDBValue, column: string): string {
  if (typeof value !== 'string') throw unreadable(`column ${column} lacks a text`);
  return value;
}

function unreadable(problem: string): Failure {
  return new Failure('TABLE_UNREADABLE', `not a table of ours: ${problem}`, { problem });
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
