import { writeFile } from 'node:fs/promises';
import type { ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';
import { parquetTables } from '../parquet/parquetTables.ts';
import { withFile } from './withFile.ts';

/**
 * Writes a table as Parquet or CSV, by the name's ending. Figures in a CSV are the shortest that read back equal; an
 * absent one is empty.
 * @throws Failure FILE_FORMAT_UNKNOWN for another ending, FILE_UNREADABLE when the place cannot be written
 */
export async function writeTableFile(path: string, table: ColumnTable): Promise<void> {
  await writeWholeFile(path, await bytesOf(path, table));
}

/**
 * Writes a file whole.
 * @throws Failure FILE_UNREADABLE when the place cannot be written
 */
export async function writeWholeFile(path: string, bytes: Uint8Array | string): Promise<void> {
  await withFile(path, () => writeFile(path, bytes));
}

async function bytesOf(path: string, table: ColumnTable): Promise<Uint8Array | string> {
  if (/\.parquet$/i.test(path)) return parquetTables.encode(table);
  if (/\.csv$/i.test(path)) return csvOf(table);
  throw new Failure('FILE_FORMAT_UNKNOWN', `${path} ends neither with .csv nor with .parquet`, { path });
}

function csvOf(table: ColumnTable): string {
  const lines = [table.map(({ name }) => quoted(name)).join(',')];
  const rows = table[0]?.values.length ?? 0;
  for (let row = 0; row < rows; row += 1) {
    lines.push(
      table
        .map((column) => {
          if (column.type === 'text') return quoted(column.values[row]!);
          const value = column.values[row]!;
          return Number.isNaN(value) ? '' : String(value);
        })
        .join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
