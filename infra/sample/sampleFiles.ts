import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DailyBars } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

/** Closes of an index by session. */
export type IndexCloses = ReadonlyMap<SessionDate, number>;

/**
 * Daily bars of a file with the columns symbol, date, open, high, low, close, volume and adjusted, by symbol in the
 * order of their names, oldest first. Figures are the vendor's; an empty cell is NaN.
 * @throws Failure SAMPLE_DATA_UNREADABLE naming the file and the line
 */
export async function readStockBars(path: string): Promise<readonly DailyBars[]> {
  const names = ['symbol', 'date', 'open', 'high', 'low', 'close', 'volume', 'adjusted'];
  const bySymbol = new Map<string, StockRow[]>();
  for (const { cells, fail } of await readRows(path, names)) {
    const [symbol = '', date = '', ...figures] = cells;
    const row = { session: sessionOf(date, fail), figures: figures.map((cell) => figureOf(cell, fail)) };
    const rows = bySymbol.get(symbol) ?? [];
    if (symbol === '') throw fail('a row has no symbol');
    rows.push(row);
    bySymbol.set(symbol, rows);
  }
  return [...bySymbol.keys()].sort().map((symbol) => barsOf(symbol, bySymbol.get(symbol) ?? []));
}

/**
 * Closes of an index from a file with the columns date and close.
 * @throws Failure SAMPLE_DATA_UNREADABLE naming the file and the line
 */
export async function readIndexCloses(path: string): Promise<IndexCloses> {
  const rows = await readRows(path, ['date', 'close']);
  return new Map(
    rows.map(({ cells: [date = '', close = ''], fail }) => [sessionOf(date, fail), figureOf(close, fail)]),
  );
}

/** The S&P 500 file inside the npm package vega-datasets. */
export function packagedIndexPath(): string {
  // The package exports its entry point only; its data lie beside it.
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  return fileURLToPath(new URL('../data/sp500-2000.csv', pathToFileURL(entry)));
}

interface StockRow {
  readonly session: SessionDate;
  readonly figures: readonly number[];
}

interface SourceRow {
  readonly cells: readonly string[];
  readonly fail: (problem: string) => Failure;
}

async function readRows(path: string, names: readonly string[]): Promise<readonly SourceRow[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, 0, `it cannot be read: ${String(error)}`);
  });
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const positions = names.map((name) => header.split(',').indexOf(name));
  const missing = names.filter((_, index) => positions[index] === -1);
  if (missing.length > 0) throw unreadable(path, 1, `the header lacks ${missing.join(', ')}`);
  return lines.map((line, index) => {
    const cells = line.split(',');
    return {
      cells: positions.map((position) => cells[position] ?? ''),
      fail: (problem) => unreadable(path, index + 2, problem),
    };
  });
}

function barsOf(symbol: string, rows: StockRow[]): DailyBars {
  rows.sort((a, b) => (a.session < b.session ? -1 : 1));
  const column = (position: number): Float64Array =>
    Float64Array.from(rows, ({ figures }) => figures[position] ?? Number.NaN);
  return {
    symbol,
    sessions: rows.map(({ session }) => session),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
    adjustedClose: column(5),
  };
}

function sessionOf(date: string, fail: SourceRow['fail']): SessionDate {
  try {
    return sessionDate(date);
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error));
  }
}

function figureOf(cell: string, fail: SourceRow['fail']): number {
  if (cell === '') return Number.NaN;
  const figure = Number(cell);
  if (!Number.isFinite(figure)) throw fail(`not a number: ${JSON.stringify(cell)}`);
  return figure;
}

function unreadable(path: string, line: number, problem: string): Failure {
  return new Failure('SAMPLE_DATA_UNREADABLE', `${path}, line ${line}: ${problem}`, { path, line, problem });
}
