import { readDailyTable, type DailyTable } from './dailyTable.ts';
import { firstOf, headers, rowsInOrder, spellings, stampNames, unreadable } from './stampColumn.ts';
import { withFile } from '../files/withFile.ts';

/** Figures over time, a column a name: returns of strategies, prices of assets. */
export interface SeriesFile {
  /** Shape [rows], as the file writes them; absent where no column tells the time: rows are then taken to be in order. */
  readonly stamps: readonly string[] | undefined;
  /** Shape [rows], milliseconds since 1970 UTC, ascending. */
  readonly stampMs: Float64Array | undefined;
  /** Every column but the one of times, in the file's order; at least one. */
  readonly series: readonly NamedSeries[];
}

/** One column. */
export interface NamedSeries {
  readonly name: string;
  /** Shape [rows], oldest first, as the file has them; NaN where a cell is empty. */
  readonly values: Float64Array;
}

/**
 * Series of a CSV (plain or gzip) or Parquet file: one column of times at most, every other a series. Rows may descend.
 * @throws Failure FILE_UNREADABLE for a file that is missing or damaged; BARS_UNREADABLE naming the line for a header
 *   that names nothing, a cell that is no figure or no time, rows that are not in order, or none at all
 */
export async function readSeriesFile(path: string): Promise<SeriesFile> {
  const table = await tableAt(path);
  const { header, rows, figures, unevenLines, noFigureLines } = table;
  const stampName = stampNameOf(table);
  const names = header.filter((name) => name !== stampName);
  if (names.length === 0 || names.some((name) => name.trim() === '' || Number.isFinite(Number(name)))) {
    throw unreadable(path, 1, `the first line must name the columns of figures: ${header.join(', ')}`);
  }
  if (new Set(header).size < header.length) throw unreadable(path, 1, `a name stands twice: ${header.join(', ')}`);
  if (rows === 0) throw unreadable(path, 1, 'no rows follow');
  const [uneven] = unevenLines;
  if (uneven !== undefined) throw unreadable(path, uneven, `it has not ${header.length} cells`);
  for (const [name, line] of noFigureLines) throw unreadable(path, line, `column ${name} holds no figure`);
  const stamps = stampName === undefined ? undefined : table.texts.get(stampName)!;
  const unordered = Array.from({ length: rows }, (_, row) => row);
  const { order, stampMs } = stamps
    ? rowsInOrder(unordered, stamps, { path, column: stampName! })
    : { order: unordered, stampMs: undefined };
  return {
    stamps: stamps && order.map((row) => stamps[row]!),
    stampMs,
    series: names.map((name) => {
      const column = figures.get(name)!;
      return { name, values: Float64Array.from(order, (row) => column[row]!) };
    }),
  };
}

/** The column of times; pandas writes its index under an empty header. */
function stampNameOf({ header, texts }: DailyTable): string | undefined {
  return firstOf(headers(header.filter((name) => texts.has(name))), ['', ...stampNames()]);
}

async function tableAt(path: string): Promise<DailyTable> {
  return withFile(path, () => readDailyTable(path, new Set(['', ...stampNames().flatMap(spellings)])));
}
