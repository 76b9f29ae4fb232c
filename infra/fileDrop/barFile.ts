import { figureOfText } from '../files/figureOfText.ts';
import { sessionOfText } from '../files/sessionOfText.ts';
import { readDailyTable, type DailyTable } from './dailyTable.ts';
import { dailyFileFormats } from './fileFormats.ts';
import { firstOf, headers, rowsInOrder, spellings, stampNames, unreadable } from './stampColumn.ts';
import { withFile } from '../files/withFile.ts';

/** A column of figures that bars have. */
export type BarColumn = 'open' | 'high' | 'low' | 'close' | 'volume';

/** Bars of one symbol, oldest first. */
export interface FileBars {
  /** Absent where no column tells it. */
  readonly symbol: string | undefined;
  /** As the file writes them; absent where no column tells the time: rows are then taken to be in order. */
  readonly stamps: readonly string[] | undefined;
  /** Shape [bars]: what the stamps say, milliseconds since 1970 UTC; of a date, its midnight in UTC. */
  readonly stampMs: Float64Array | undefined;
  /** Shape [bars] each; NaN where the file has no figure. Only columns that the file has. */
  readonly columns: Readonly<Partial<Record<BarColumn, Float64Array>>>;
  /** Shape [bars] each: further columns that were asked for and that the file has, by the name they were asked by. */
  readonly further: Readonly<Record<string, Float64Array>>;
}

/** A file of bars: any frequency, one symbol or many. */
export interface BarFile {
  /** The header of the column of stamps. */
  readonly stampName: string | undefined;
  readonly symbols: readonly FileBars[];
}

const barColumns: readonly BarColumn[] = ['open', 'high', 'low', 'close', 'volume'];
// Beside the names of the formats that we read anyway.
const usualNames: Readonly<Partial<Record<BarColumn | 'symbol', readonly string[]>>> = {
  symbol: ['instrument', 'asset', 'name'],
  open: ['o', 'first'],
  high: ['h', 'max'],
  low: ['l', 'min'],
  close: ['c', 'last', 'close/last', 'price'],
  volume: ['v', 'vol.'],
};

/**
 * Bars of a CSV (plain or gzip) or Parquet file, by the header names of usual exports in any case and order. Rows may
 * descend; prices are taken as they are.
 * @param furtherNames headers in lower case of further columns of figures to read, where the file has them
 * @throws Failure FILE_UNREADABLE for a file that is missing or damaged; BARS_UNREADABLE naming line and column for one
 *   without a column of bars or a further one, a cell that is no figure or no time, or rows that are not in order
 */
export async function readBarFile(path: string, furtherNames: readonly string[] = []): Promise<BarFile> {
  const table = await tableAt(path);
  const lookedUp = headers(table.header);
  const columns = barColumns.flatMap((column) => {
    const name = firstOf(lookedUp, namesOf(column));
    return name === undefined ? [] : [{ column, name }];
  });
  const further = furtherNames.flatMap((column) => {
    const name = firstOf(lookedUp, [column]);
    return name === undefined ? [] : [{ column, name }];
  });
  if (columns.length + further.length === 0) {
    throw unreadable(path, 1, `no column is open, high, low, close or volume: ${table.header.join(', ')}`);
  }
  const [uneven] = table.unevenLines;
  if (uneven !== undefined) throw unreadable(path, uneven, `it has not ${table.header.length} cells`);
  const unread = [...columns, ...further].filter(({ name }) => table.noFigureLines.has(name));
  const [first] = unread;
  // Of Parquet the row is told; only text is written for people.
  if (first && /\.parquet$/i.test(path)) {
    throw unreadable(path, table.noFigureLines.get(first.name)!, `column ${first.name} holds no figure`);
  }
  const shown = await shownFigures(path, unread, table.noFigureLines);
  const stampName = firstOf(lookedUp, stampNames());
  const symbolName = firstOf(lookedUp, namesOf('symbol'));
  const stamps = stampName === undefined ? undefined : stampTexts(table, lookedUp, stampName);
  const symbols = symbolName === undefined ? undefined : table.texts.get(symbolName);
  const place = { path, column: stampName ?? '' };
  return {
    stampName,
    symbols: rowsBySymbol(symbols, table.rows).map(({ symbol, rows }) => {
      const { order, stampMs } = stamps ? rowsInOrder(rows, stamps, place) : { order: rows, stampMs: undefined };
      const picked = columns.map(
        ({ column, name }) => [column, pick(shown.get(name) ?? table.figures.get(name)!, order)] as const,
      );
      const named = stamps && order.map((row) => stamps[row]!);
      const also = further.map(
        ({ column, name }) => [column, pick(shown.get(name) ?? table.figures.get(name)!, order)] as const,
      );
      return {
        symbol,
        stamps: named,
        stampMs,
        columns: Object.fromEntries(picked),
        further: Object.fromEntries(also),
      };
    }),
  };
}

/** Headers, in lower case, of a column of symbols. */
export function symbolNames(): readonly string[] {
  return namesOf('symbol');
}

/** Columns whose figures are written for people, e.g. `$1,234.50` or `1.2M`. */
async function shownFigures(
  path: string,
  columns: readonly { readonly column: string; readonly name: string }[],
  firstLines: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, Float64Array>> {
  if (columns.length === 0) return new Map();
  const { texts } = await tableAt(
    path,
    columns.map(({ name }) => name.trim().toLowerCase()),
  );
  return new Map(
    columns.map(({ column, name }) => {
      const kind = column === 'volume' ? 'whole' : 'price';
      const cells = texts.get(name) ?? [];
      const first = cells.findIndex((text) => Number.isNaN(Number(text)));
      const figures = cells.map((text, row) => {
        const figure = figureOfText(text, kind);
        if (figure === undefined) {
          throw unreadable(path, firstLines.get(name)! + row - first, `column ${name} holds no figure`);
        }
        return figure;
      });
      return [name, Float64Array.from(figures)] as const;
    }),
  );
}

/** Stamps of one column; a time of day that stands in a column of its own is put behind its date. */
function stampTexts(
  table: DailyTable,
  lookedUp: ReadonlyMap<string, string>,
  stampName: string,
): readonly string[] | undefined {
  const stamps = table.texts.get(stampName);
  const [dateName, timeName] = [firstOf(lookedUp, ['date']), firstOf(lookedUp, ['time'])];
  if (dateName === undefined || timeName === undefined || stampName !== timeName) return stamps;
  const dates = table.texts.get(dateName)!;
  return stamps?.map((time, row) => {
    const [, hours, minutes, seconds = '00'] = /^(\d{2}):?(\d{2})(?::?(\d{2}))?$/.exec(time.trim()) ?? [];
    const session = sessionOfText(dates[row]!);
    return hours === undefined || session === undefined ? time : `${session} ${hours}:${minutes}:${seconds}`;
  });
}

async function tableAt(path: string, furtherTexts: readonly string[] = []): Promise<DailyTable> {
  const texts = [...stampNames(), ...namesOf('symbol')].flatMap(spellings);
  return withFile(path, () => readDailyTable(path, new Set([...texts, ...furtherTexts])));
}

function namesOf(field: BarColumn | 'symbol'): readonly string[] {
  return [...dailyFileFormats.flatMap(({ columns }) => columns[field] ?? []), ...(usualNames[field] ?? [])];
}

interface SymbolRows {
  readonly symbol: string | undefined;
  readonly rows: readonly number[];
}

function rowsBySymbol(symbols: readonly string[] | undefined, rows: number): readonly SymbolRows[] {
  if (!symbols) return [{ symbol: undefined, rows: Array.from({ length: rows }, (_, row) => row) }];
  const bySymbol = new Map<string, number[]>();
  for (const [row, symbol] of symbols.entries()) {
    const known = bySymbol.get(symbol);
    if (known) known.push(row);
    else bySymbol.set(symbol, [row]);
  }
  return [...bySymbol].map(([symbol, rows]) => ({ symbol, rows }));
}

function pick(column: Float64Array, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (row) => column[row]!);
}
