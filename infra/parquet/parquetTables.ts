import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOUBLE, DuckDBDataChunk, DuckDBInstance, DuckDBTypeId, ENUM, VARCHAR } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBResult, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { ColumnTables } from '#activities/ports/columnTables.ts';
import type { Column, ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';

// DuckDB's vector size: a chunk holds at most so many rows.
const chunkRows = 2_048;
// Texts that come this often on average travel as numbers: a text a row costs more than all its figures.
const repeatsMin = 4;

/**
 * Parquet in and out through an in-memory DuckDB. Doubles keep their bits, NaN included. The bytes are not an
 * identity: another version may lay the same table out differently.
 */
export const parquetTables: ColumnTables = {
  encode: (table) =>
    withTemporaryFile(async (path, connection) => {
      checkShape(table);
      const columns = table.map(travelling);
      await createTable(connection, columns);
      const selected = columns.map(({ selection }) => selection).join(', ');
      await connection.run(
        `COPY (SELECT ${selected} FROM columns) TO ${text(path)} (FORMAT parquet, COMPRESSION zstd)`,
      );
      return readFile(path);
    }),

  decode: (bytes) =>
    withTemporaryFile(async (path, connection) => {
      await writeFile(path, bytes);
      return readTable(await read(connection, path));
    }),

  // A database costs more than a small file: one serves them all.
  decodeAll: (files) =>
    withTemporaryFile(async (path, connection) => {
      const tables: ColumnTable[] = [];
      for (const [index, bytes] of files.entries()) {
        // A name of its own each: a file is remembered by its name and time.
        const one = `${path}.${index}`;
        try {
          await writeFile(one, bytes);
          tables.push(await readTable(await read(connection, one)));
        } finally {
          await rm(one, { force: true });
        }
      }
      return tables;
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

/** A column on its way into DuckDB, and the expression that makes of it what the file holds. */
interface Travelling {
  readonly name: string;
  readonly type: DuckDBType;
  readonly values: Float64Array | readonly string[];
  /** Positions of the texts in an enumeration. */
  readonly codes?: Uint32Array;
  readonly selection: string;
}

function travelling(column: Column): Travelling {
  const name = identifier(column.name);
  if (column.type === 'double') return { name, type: DOUBLE, values: column.values, selection: name };
  const known = new Map<string, number>();
  for (const value of column.values) if (!known.has(value)) known.set(value, known.size);
  if (known.size === 0 || known.size * repeatsMin > column.values.length) {
    return { name, type: VARCHAR, values: column.values, selection: name };
  }
  const codes = Uint32Array.from(column.values, (value) => known.get(value)!);
  const selection = `CAST(${name} AS VARCHAR) AS ${name}`;
  return { name, type: ENUM([...known.keys()]), values: column.values, codes, selection };
}

async function createTable(connection: DuckDBConnection, columns: readonly Travelling[]): Promise<void> {
  const definitions = columns.map(({ name, type }) => `${name} ${sqlOf(type)}`);
  await connection.run(`CREATE TABLE columns (${definitions.join(', ')})`);
  const rows = columns[0]?.values.length ?? 0;
  const types = columns.map(({ type }) => type);
  const appender = await connection.createAppender('columns');
  let chunk: DuckDBDataChunk | undefined;
  for (let start = 0; start < rows; start += chunkRows) {
    const end = Math.min(start + chunkRows, rows);
    // An enumeration is costly to describe, so full chunks are one, filled again and again.
    if (chunk?.rowCount !== end - start) chunk = DuckDBDataChunk.create(types, end - start);
    for (const [index, column] of columns.entries()) setColumn(chunk, { index, column, start, end });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

function sqlOf(type: DuckDBType): string {
  return type.typeId === DuckDBTypeId.ENUM ? `ENUM (${type.values.map(text).join(', ')})` : type.toString();
}

interface ColumnPart {
  readonly index: number;
  readonly column: Travelling;
  readonly start: number;
  readonly end: number;
}

/** Copies numbers as memory where the chunk shows its own: value by value costs more than writing the file. */
function setColumn(chunk: DuckDBDataChunk, { index, column, start, end }: ColumnPart): void {
  const { values, codes } = column;
  const vector = chunk.getColumnVector(index);
  const memory: unknown = Reflect.get(vector, 'items');
  if (values instanceof Float64Array && memory instanceof Float64Array) {
    memory.set(values.subarray(start, end));
  } else if (
    codes &&
    (memory instanceof Uint8Array || memory instanceof Uint16Array || memory instanceof Uint32Array)
  ) {
    memory.set(codes.subarray(start, end));
  } else {
    chunk.setColumnValues(index, Array.from<string | number>(values.slice(start, end)));
    return;
  }
  vector.flush();
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
