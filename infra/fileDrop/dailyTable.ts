import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance, type DuckDBDataChunk } from '@duckdb/node-api';
import { readCsv } from '../files/csvColumns.ts';

/** A file's columns by header name, as far as they were asked for. */
export interface DailyTable {
  readonly header: readonly string[];
  readonly rows: number;
  readonly figures: ReadonlyMap<string, Float64Array>;
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** Line of a row for messages, from 1. */
  readonly unevenLines: readonly number[];
}

/**
 * Reads a CSV, gzipped CSV or Parquet file.
 * @param textColumns headers, in lower case, of columns that hold text; every other is read as figures
 * @throws Error with the reader's words when the bytes are neither
 */
export async function readDailyTable(path: string, textColumns: ReadonlySet<string>): Promise<DailyTable> {
  const isText = (name: string): boolean => textColumns.has(name.trim().toLowerCase());
  if (/\.parquet$/i.test(path)) return readParquet(path, isText);
  const bytes = await readFile(path);
  const plain = bytes.length > 1 && bytes.readUInt16BE() === 0x1f8b ? gunzipSync(bytes) : bytes;
  return readCsv(plain, (name) => (isText(name) ? 'text' : 'figure'));
}

async function readParquet(path: string, isText: (name: string) => boolean): Promise<DailyTable> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  try {
    const source = `read_parquet('${path.replaceAll("'", "''")}')`;
    const header = (await connection.run(`SELECT * FROM ${source} LIMIT 0`)).columnNames();
    const columns = header.map((name) => {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      return isText(name) ? `CAST(${quoted} AS VARCHAR)` : `TRY_CAST(${quoted} AS DOUBLE)`;
    });
    const result = await connection.run(`SELECT ${columns.join(', ')} FROM ${source}`);
    const chunks = await result.fetchAllChunks();
    const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
    const kinds = header.map((name, index) => ({ name, index, text: isText(name) }));
    return {
      header,
      rows,
      figures: new Map(kinds.filter(({ text }) => !text).map(({ name, index }) => [name, figuresOf(chunks, index)])),
      texts: new Map(kinds.filter(({ text }) => text).map(({ name, index }) => [name, textsOf(chunks, index)])),
      unevenLines: [],
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function figuresOf(chunks: readonly DuckDBDataChunk[], index: number): Float64Array {
  return Float64Array.from(
    chunks.flatMap((chunk) => chunk.getColumnValues(index)),
    (value) => (value ?? Number.NaN) as number,
  );
}

function textsOf(chunks: readonly DuckDBDataChunk[], index: number): readonly string[] {
  return chunks.flatMap((chunk) => chunk.getColumnValues(index).map((value) => (value ?? '') as string));
}
