import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { newYorkDate } from '#domain/newYorkTime.ts';
import { readReturns, type activityNames, type ReturnSeries } from '#infra/fileDrop/returnFile.ts';
import { readSeriesFile, type SeriesFile } from '#infra/fileDrop/seriesFile.ts';
import { readTradesFile } from '#infra/fileDrop/tradesFile.ts';
import { sessionOfText } from '#infra/files/sessionOfText.ts';
import { closedTrades, costsOfFills } from '#pipelines/tearSheet/closedTrades.ts';
import type { Known } from '#pipelines/tearSheet/sheet.ts';
import type { SheetCurve } from './writtenSheet.ts';

/** Files that a tear sheet is made of. */
export interface SheetFiles {
  readonly returns: string;
  /** The strategy's column, where the file has several. */
  readonly column?: string;
  readonly benchmark?: string;
  readonly benchmarkColumn?: string;
  readonly trades?: string;
}

/** A curve with the name of its column. */
export type NamedCurve = SheetCurve & { readonly name: string };

/**
 * Everything that files tell of a curve; what they do not tell says why.
 * @throws Failure as `readReturns`, `readSeriesFile` and `readTradesFile` do; RETURNS_UNDATED where no date stands beside the
 *   returns, or several returns at one date
 */
export async function curveOfFiles(files: SheetFiles): Promise<NamedCurve> {
  const file = await readSeriesFile(files.returns);
  const read = await readReturns(
    { path: files.returns, ...(files.column !== undefined && { column: files.column }) },
    files.benchmark === undefined
      ? undefined
      : { path: files.benchmark, ...(files.benchmarkColumn !== undefined && { column: files.benchmarkColumn }) },
  );
  return {
    name: read.name,
    sessions: sessionsOf(files.returns, file, read),
    strategy: Array.from(read.returns),
    benchmark: read.benchmark ? Array.from(read.benchmark.returns) : { unknown: 'no file of a benchmark was given.' },
    windows: { unknown: 'returns in a file do not tell how they were split into training and test.' },
    exposure: activityOf(file, read, 'exposure'),
    turnover: activityOf(file, read, 'turnover'),
    ...(await tradesOf(files.trades)),
    book: { unknown: 'files of returns and trades do not tell what was held beside what traded of it.' },
  };
}

async function tradesOf(path: string | undefined): Promise<Pick<SheetCurve, 'costs' | 'trades'>> {
  if (path === undefined) {
    const unknown = 'no file of trades was given.';
    return { costs: { unknown }, trades: { unknown } };
  }
  const file = await readTradesFile(path);
  if (file.kind === 'trades') {
    return { costs: { unknown: 'the file of trades holds profits after costs, and no costs.' }, trades: file.trades };
  }
  const costs = costsOfFills(file.fills);
  return {
    costs: Object.keys(costs.dollars).length > 0 ? costs : { unknown: 'the file of trades has no column of costs.' },
    trades: closedTrades(file.fills),
  };
}

/** The date of each return; the day in New York of one that is told by an instant. */
function sessionsOf(path: string, { stamps, stampMs }: SeriesFile, read: ReturnSeries): readonly SessionDate[] {
  if (!stamps || !stampMs || !read.stamps) throw undated(path, 'no column tells their dates');
  const msOf = new Map(stamps.map((stamp, row) => [stamp, stampMs[row]!]));
  const sessions = read.stamps.map((stamp) => sessionOfText(stamp) ?? newYorkDate(msOf.get(stamp)!));
  const twice = sessions.find((session, row) => row > 0 && session === sessions[row - 1]);
  if (twice !== undefined) throw undated(path, `${twice} has more than one; a tear sheet is of daily returns`);
  return sessions;
}

function undated(path: string, problem: string): Failure {
  return new Failure('RETURNS_UNDATED', `${path}: ${problem}`, { path });
}

/** A column of the file of returns, at the rows that count. */
function activityOf(
  { stamps, series }: SeriesFile,
  { stamps: counted }: ReturnSeries,
  name: (typeof activityNames)[number],
): Known<readonly number[]> {
  const column = series.find((one) => one.name.trim().toLowerCase() === name);
  if (!column || !stamps || !counted) return { unknown: `the file of returns has no column ${name}.` };
  const rowAt = new Map(stamps.map((stamp, row) => [stamp, row]));
  const values = counted.map((stamp) => column.values[rowAt.get(stamp)!]!);
  return values.every(Number.isFinite) ? values : { unknown: `the column ${name} has empty cells.` };
}
