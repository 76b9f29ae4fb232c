import type { SessionDate } from '#domain/sessionDate.ts';
import { sessionOfText } from '../files/sessionOfText.ts';
import { readDailyTable, type DailyTable } from './dailyTable.ts';
import { unreadable } from './stampColumn.ts';
import { withFile } from '../files/withFile.ts';

/** Features of symbols by session, as a file has them. */
export interface FeatureFile {
  /** Shape [rows]; empty texts where no column is `symbol`. */
  readonly symbols: readonly string[];
  /** Shape [rows]. */
  readonly sessions: readonly SessionDate[];
  /** Every other column, in the file's order. */
  readonly names: readonly string[];
  /** Shape [names][rows]; NaN where a cell is empty. */
  readonly columns: readonly Float64Array[];
}

const keys = ['symbol', 'session'] as const;

/**
 * Reads features as `features compute` writes them: a CSV (plain or gzip) or Parquet file with the column `session`,
 * `symbol` where there are several, and a column a feature.
 * @throws Failure FILE_UNREADABLE for a file that is missing or damaged; BARS_UNREADABLE naming the line of a cell that is
 *   no figure or no session, of a name that stands twice, or where the column `session` is missing
 */
export async function readFeatureFile(path: string): Promise<FeatureFile> {
  const { header, rows, texts, figures, unevenLines, noFigureLines } = await tableAt(path);
  if (new Set(header).size < header.length) throw unreadable(path, 1, `a name stands twice: ${header.join(', ')}`);
  const [uneven] = unevenLines;
  if (uneven !== undefined) throw unreadable(path, uneven, `it has not ${header.length} cells`);
  for (const [name, line] of noFigureLines) throw unreadable(path, line, `column ${name} holds no figure`);
  const written = texts.get('session');
  if (!written) throw unreadable(path, 1, `no column is session: ${header.join(', ')}`);
  const sessions = written.map((text, row) => {
    const session = sessionOfText(text);
    if (session === undefined) throw unreadable(path, row + 2, `${JSON.stringify(text)} is no session`);
    return session;
  });
  const names = header.filter((name) => figures.has(name));
  return {
    symbols: texts.get('symbol') ?? Array.from({ length: rows }, () => ''),
    sessions,
    names,
    columns: names.map((name) => figures.get(name)!),
  };
}

async function tableAt(path: string): Promise<DailyTable> {
  return withFile(path, () => readDailyTable(path, new Set(keys)));
}
