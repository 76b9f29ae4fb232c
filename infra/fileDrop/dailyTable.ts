import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance, DuckDBTypeId, type DuckDBConnection, type DuckDBDataChunk } from '@duckdb/node-api';
import { readCsv } from '../files/csvColumns.ts';
import { CsvScan } from '../files/csvScan.ts';

/** A file's columns by header name, as far as they were asked for. */
export interface DailyTable {
  readonly header: readonly string[];
  readonly rows: number;
  readonly figures: ReadonlyMap<string, Float64Array>;
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** Lines, from 1, with fewer or more cells than the header has; none of Parquet. */
  readonly unevenLines: readonly number[];
  /** First line, of Parquet row, of a column of figures that holds something else, from 1, by its header. */
  readonly noFigureLines: ReadonlyMap<string, number>;
}

/**
 * Reads a CSV, gzipped CSV or Parquet file.
 * @param textColumns headers, in lower case, of columns that hold text; every other is read as figures
 * @throws Error with the reader's words when the bytes are neither
 */
export async function readDailyTable(path: string, textColumns: ReadonlySet<string>): Promise<DailyTable> {
  const isText = (name: string): boolean => textColumns.has(name.trim().toLowerCase());
  if (/\.parquet$/i.test(path)) return readParquet(path, isText);
  return readCsv(await plainBytes(path), (name) => (isText(name) ? 'text' : 'figure'));
}

/**
 * Names of the columns of such a file.
 * @throws Error with the reader's words when the bytes are neither
 */
export async function readHeader(path: string): Promise<readonly string[]> {
  if (!/\.parquet$/i.test(path)) return new CsvScan(await plainBytes(path)).header();
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  try {
    return (await connection.run(`SELECT * FROM ${parquetAt(path)} LIMIT 0`)).columnNames();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function plainBytes(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  return bytes.length > 1 && bytes.readUInt16BE() === 0x1f8b ? gunzipSync(bytes) : bytes;
}

const parquetAt = (path: string): string => `read_parquet('${path.replaceAll("'", "''")}')`;

async function readParquet(path: string, isText: (name: string) => boolean): Promise<DailyTable> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  try {
    const source = parquetAt(path);
    const described = await connection.run(`SELECT * FROM ${source} LIMIT 0`);
    const header = described.columnNames();
    const written = header.filter((_, index) => described.columnTypeId(index) === DuckDBTypeId.VARCHAR);
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
      noFigureLines: await noFigureRows(
        connection,
        source,
        written.filter((name) => !isText(name)),
      ),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** First rows, of columns of text, that are no figures: the cast above makes nothing of them without a word. */
async function noFigureRows(
  connection: DuckDBConnection,
  source: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const firsts = names.map((name) => {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    return `MIN(CASE WHEN ${quoted} IS NOT NULL AND TRY_CAST(${quoted} AS DOUBLE) IS NULL THEN place END)`;
  });
  const numbered = `(SELECT *, row_number() OVER () AS place FROM ${source})`;
  const [row] = await (await connection.run(`SELECT ${firsts.join(', ')} FROM ${numbered}`)).getRows();
  return new Map(
    names.flatMap((name, index) => {
      const first = row?.[index];
      return first === null || first === undefined ? [] : [[name, Number(first)]];
    }),
  );
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
