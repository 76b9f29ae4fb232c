import { readDailyTable } from './dailyTable.ts';

/** Columns of text that a reference file must have: its names for each, in lower case. */
export type ColumnNames<Name extends string> = Readonly<Record<Name, readonly string[]>>;

/**
 * Reads columns of text from a CSV, gzipped CSV or Parquet file, each under one of the names it may have.
 * @returns one record a row; a cell that is not there is empty
 * @throws Error naming the column that is missing, or with the reader's words
 */
export async function readNamedColumns<Name extends string>(
  path: string,
  names: ColumnNames<Name>,
): Promise<readonly Readonly<Record<Name, string>>[]> {
  const wanted = Object.entries<readonly string[]>(names);
  const { header, texts, rows } = await readDailyTable(path, new Set(wanted.flatMap(([, accepted]) => accepted)));
  const columns = wanted.map(([name, accepted]) => {
    const found = header.find((given) => accepted.includes(given.trim().toLowerCase()));
    if (found === undefined) throw new Error(`it has no column ${accepted.join(' or ')}`);
    return [name, texts.get(found) ?? []] as const;
  });
  return Array.from(
    { length: rows },
    (_, row) =>
      Object.fromEntries(columns.map(([name, cells]) => [name, (cells[row] ?? '').trim()])) as Record<Name, string>,
  );
}
