import { Failure } from '#domain/failure.ts';
import type { StressedPosition } from '#domain/risk/stress.ts';
import { readDailyTable, type DailyTable } from './dailyTable.ts';
import { withFile } from '../files/withFile.ts';

/**
 * Positions of a CSV (plain or gzip) or Parquet file under a heading: symbol, value, beta, deviation (of daily returns),
 * half_spread (of the price); duration (years), 0 where the file has none; and traded (value a session), unknown where empty.
 * @throws Failure FILE_UNREADABLE for a file that is missing or damaged; PORTFOLIO_INPUT_INVALID naming a column that is
 *   missing, a cell that is no figure, or no positions at all
 */
export async function readStressedPositions(path: string): Promise<readonly StressedPosition[]> {
  const table = await tableAt(path);
  const columnOf = (name: string): string | undefined =>
    table.header.find((given) => given.trim().toLowerCase() === name);
  const needed = ['symbol', 'value', 'beta', 'deviation', 'half_spread'];
  const missing = needed.filter((name) => columnOf(name) === undefined);
  if (missing.length > 0) throw invalid(path, `it has no column ${missing.join(', ')}`);
  if (table.rows === 0) throw invalid(path, 'it has no positions');
  const [uneven] = table.unevenLines;
  if (uneven !== undefined) throw invalid(path, `line ${uneven} has not ${table.header.length} cells`);
  const figure = (name: string, row: number): number => {
    const column = columnOf(name);
    const value = column === undefined ? 0 : table.figures.get(column)![row]!;
    if (!Number.isFinite(value)) throw invalid(path, `position ${row + 1} has no ${name}`);
    return value;
  };
  return table.texts.get(columnOf('symbol')!)!.map((symbol, row) => ({
    symbol: symbol.trim(),
    value: figure('value', row),
    beta: figure('beta', row),
    dailyDeviation: figure('deviation', row),
    durationYears: figure('duration', row),
    halfSpreadFraction: figure('half_spread', row),
    ...tradedOf(table, columnOf('traded'), row),
  }));
}

function tradedOf(
  { figures }: DailyTable,
  column: string | undefined,
  row: number,
): Pick<StressedPosition, 'dailyValueTraded'> {
  const value = column === undefined ? Number.NaN : figures.get(column)![row]!;
  return Number.isNaN(value) ? {} : { dailyValueTraded: value };
}

function invalid(path: string, problem: string): Failure {
  return new Failure('PORTFOLIO_INPUT_INVALID', `${path}: ${problem}`, { path });
}

async function tableAt(path: string): Promise<DailyTable> {
  return withFile(path, () => readDailyTable(path, new Set(['symbol'])));
}
