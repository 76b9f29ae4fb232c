import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DailyBars } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { sessionOfText } from '../files/sessionOfText.ts';
import { readLeanDaily } from '../lean/leanDaily.ts';
import { readDailyTable, type DailyTable } from './dailyTable.ts';
import type { DailyField, DailyFileFormat } from './fileFormats.ts';
import { figuresOf, type DailyFigures } from './dailyFigures.ts';

/** What a delivery of files holds, unchecked. */
export interface DailyDelivery {
  /** Bars by symbol; rows as they came, figures of any kind. */
  readonly bars: readonly DailyBars[];
  /** Rows that cannot be placed: no session, no symbol, or more or fewer cells than the header. */
  readonly unreadableRows: readonly UnreadableRow[];
  /** Files that are no data: an error message saved under a symbol's name, or a header that lacks columns. */
  readonly notData: readonly NotData[];
}

/** A row that no bar was made of. */
export interface UnreadableRow {
  readonly path: string;
  /** Line of the file from 1; of a Parquet file the row, from 1. */
  readonly line: number;
  readonly problem: string;
}

/** A file that holds no bars. */
export interface NotData {
  readonly path: string;
  /** From the file's name, where the format puts it there. */
  readonly symbol: string | null;
  readonly problem: string;
  /** The beginning of what it holds instead. */
  readonly beginning: string;
}

const dataFile = /\.(?:csv|csv\.gz|parquet)$/i;
const beginningMax = 120;
const needed: readonly DailyField[] = ['session', 'open', 'high', 'low', 'close', 'volume'];

/**
 * Daily bars of CSV and Parquet files. Nothing is repaired or left out in silence: figures that are none become NaN,
 * of which the data contract speaks; rows and files that cannot be read at all are named.
 * @param paths files, or folders whose files have names that fit the format
 * @throws Failure FILE_UNREADABLE for a path that does not exist or holds no such file
 */
export async function readDailyFiles(paths: readonly string[], format: DailyFileFormat): Promise<DailyDelivery> {
  if (format.layout === 'lean') return leanDelivery(paths);
  const files = (await Promise.all(paths.map((path) => filesAt(path, format)))).flat();
  const reads: Read[] = [];
  // One after the other: the memory of a delivery is its bars, not its files.
  for (const path of files) reads.push(await readOne(path, format));
  return {
    bars: reads.flatMap((read) => ('bars' in read ? read.bars : [])),
    unreadableRows: reads.flatMap((read) => ('bars' in read ? read.unreadableRows : [])),
    notData: reads.flatMap((read) => ('bars' in read ? [] : [read])),
  };
}

async function leanDelivery(folders: readonly string[]): Promise<DailyDelivery> {
  const reads = await Promise.all(folders.map(readLeanDaily));
  return {
    bars: reads.flatMap(({ bars }) => bars),
    unreadableRows: [],
    notData: reads.flatMap(({ missing }) =>
      missing.map(({ symbol, path }) => ({
        path,
        symbol,
        problem: 'its map file names it and it is not there',
        beginning: '',
      })),
    ),
  };
}

async function filesAt(path: string, { symbolInName }: DailyFileFormat): Promise<readonly string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error instanceof Error ? error.message : String(error));
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => dataFile.test(name) && (symbolInName?.test(name) ?? true));
  if (names.length === 0) throw unreadable(path, 'holds no file of this format');
  return names.toSorted().map((name) => join(path, name));
}

type Read = Pick<DailyDelivery, 'bars' | 'unreadableRows'> | NotData;

async function readOne(path: string, format: DailyFileFormat): Promise<Read> {
  const symbol = format.symbolInName?.exec(basename(path))?.[1]?.toUpperCase() ?? null;
  const textColumns = new Set([...(format.columns.symbol ?? []), ...(format.columns.session ?? [])]);
  let table: DailyTable;
  try {
    table = await readDailyTable(path, textColumns);
  } catch (error) {
    return notData({ path, symbol, problem: (error as Error).message.split('\n')[0]! });
  }
  const columns = columnsOf(table.header, format);
  const missing = needed.filter((field) => !columns.has(field));
  if (!columns.has('symbol') && symbol === null) missing.push('symbol');
  if (!columns.has('splitRatio') && !columns.has('adjustedClose')) missing.push('adjustedClose');
  if (missing.length > 0) return notData({ path, symbol, problem: `its header lacks ${missing.join(', ')}` });
  return barsOf(table, { path, symbol, format, columns });
}

function columnsOf(header: readonly string[], { columns }: DailyFileFormat): ReadonlyMap<DailyField, string> {
  const byName = new Map(header.map((name) => [name.trim().toLowerCase(), name]));
  const found = new Map<DailyField, string>();
  for (const field of Object.keys(columns) as DailyField[]) {
    const name = columns[field]?.map((candidate) => byName.get(candidate)).find((candidate) => candidate !== undefined);
    if (name !== undefined) found.set(field, name);
  }
  return found;
}

interface Origin {
  readonly path: string;
  readonly symbol: string | null;
  readonly format: DailyFileFormat;
  readonly columns: ReadonlyMap<DailyField, string>;
}

function barsOf(table: DailyTable, origin: Origin): Pick<DailyDelivery, 'bars' | 'unreadableRows'> {
  const { path, columns, format } = origin;
  const texts = (field: DailyField): readonly string[] | undefined => table.texts.get(columns.get(field) ?? '');
  const [symbols, dates] = [texts('symbol'), texts('session') ?? []];
  const rowsBySymbol = new Map<string, { readonly rows: number[]; readonly sessions: SessionDate[] }>();
  const unreadableRows: UnreadableRow[] = table.unevenLines.map((line) => ({
    path,
    line,
    problem: `it has not ${table.header.length} cells`,
  }));
  for (const [row, date] of dates.entries()) {
    const session = sessionOfText(date);
    const symbol = (symbols?.[row] ?? origin.symbol ?? '').trim().toUpperCase();
    if (session === undefined || symbol === '') {
      const problem = session === undefined ? `${JSON.stringify(date)} is no date` : 'it has no symbol';
      unreadableRows.push({ path, line: row + 2, problem });
      continue;
    }
    const known = rowsBySymbol.get(symbol) ?? { rows: [], sessions: [] };
    known.rows.push(row);
    known.sessions.push(session);
    rowsBySymbol.set(symbol, known);
  }
  const figures = figuresOf(table, columns, format);
  const bars = [...rowsBySymbol].map(([symbol, { rows, sessions }]) => pickedBars(figures, { symbol, rows, sessions }));
  return { bars, unreadableRows };
}

function pickedBars(
  { dividend, splitRatio, ...figures }: DailyFigures,
  {
    symbol,
    rows,
    sessions,
  }: { readonly symbol: string; readonly rows: readonly number[]; readonly sessions: readonly SessionDate[] },
): DailyBars {
  // A file of one symbol is taken as it is.
  const whole = rows.length === figures.close.length;
  const pick = (column: Float64Array): Float64Array =>
    whole ? column : Float64Array.from(rows, (row) => column[row]!);
  return {
    symbol,
    sessions,
    open: pick(figures.open),
    high: pick(figures.high),
    low: pick(figures.low),
    close: pick(figures.close),
    adjustedClose: pick(figures.adjustedClose),
    volume: pick(figures.volume),
    ...(splitRatio && { actions: { dividend: pick(dividend), splitRatio: pick(splitRatio) } }),
  };
}

async function notData(found: Omit<NotData, 'beginning'>): Promise<NotData> {
  const text = await readFile(found.path, 'latin1');
  return { ...found, beginning: text.slice(0, beginningMax).replaceAll(/\s+/g, ' ').trim() };
}

function unreadable(path: string, problem: string): Failure {
  return new Failure('FILE_UNREADABLE', `${path}: ${problem}`, { path });
}
