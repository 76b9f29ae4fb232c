import { readFileSync } from 'node:fs';
import { Failure } from '#domain/failure.ts';
import { impliedDividends } from '#domain/dividends.ts';
import { moneyFromDollars } from '#domain/money.ts';
import type { Money } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { splitPrice, type ShareSplit } from '#domain/shareSplit.ts';

/** One symbol's session as recorded; prices are rounded once, half away from zero, to ten-thousandths of a dollar. */
export interface RecordedBar {
  readonly session: SessionDate;
  readonly open: Money;
  readonly high: Money;
  readonly low: Money;
  readonly close: Money;
  /** Shares traded in the session. */
  readonly volume: number;
}

/** Recorded sessions of every symbol of a file. */
export interface RecordedBars {
  /** Sessions of the file, oldest first. */
  readonly sessions: readonly SessionDate[];
  readonly symbols: readonly string[];
  bar(symbol: string, session: SessionDate): RecordedBar | undefined;
  /** The symbol's last bar of a session before the given one, in the shares of the given one: splits between restate it. */
  barBefore(symbol: string, session: SessionDate): RecordedBar | undefined;
  /** Dollars a share paid to who held it at the close before a session, its ex-date; 0 on most days. */
  dividendDollars(symbol: string, session: SessionDate): number;
  /** The split that takes effect before a session's open. */
  split(symbol: string, session: SessionDate): ShareSplit | undefined;
}

const columns = ['symbol', 'date', 'open', 'high', 'low', 'close', 'volume'] as const;

/** A row of the file. */
interface RecordedRow {
  readonly bar: RecordedBar;
  /** Close adjusted for splits and dividends, dollars; the close where the file has none. */
  readonly adjustedDollars: number;
  readonly closeDollars: number;
  readonly split?: ShareSplit;
}

/**
 * Reads a CSV file with the header `symbol,date,open,high,low,close,volume`. Two further columns are read where they are
 * there: `adjusted`, the adjusted close, out of which dividends are read, and `split`, `to/from` on the day it takes
 * effect, for a recording whose prices are not split adjusted. Others are ignored.
 * @throws Failure RECORDED_BARS_UNREADABLE naming the line
 */
export function readRecordedBars(path: string): RecordedBars {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure('RECORDED_BARS_UNREADABLE', `cannot read recorded bars: ${String(error)}`, {}, { cause: error });
  }
  return parseRecordedBars(text);
}

/**
 * Recorded bars from the file's text.
 * @throws Failure RECORDED_BARS_UNREADABLE naming the line
 */
export function parseRecordedBars(text: string): RecordedBars {
  const lines = text.split(/\r?\n/);
  const header = (lines[0] ?? '').split(',');
  const positions = columns.map((column) => header.indexOf(column));
  const missing = columns.filter((_, index) => positions[index] === -1);
  if (missing.length > 0) throw unreadable(1, `the header lacks ${missing.join(', ')}`);
  const bySymbol = new Map<string, Map<SessionDate, RecordedRow>>();
  const [adjustedAt, splitAt] = [header.indexOf('adjusted'), header.indexOf('split')];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue;
    const cells = line.split(',');
    const [symbol = '', ...rest] = positions.map((position) => cells[position] ?? '');
    const bar = barOf(rest, index + 1);
    const rows = bySymbol.get(symbol) ?? new Map<SessionDate, RecordedRow>();
    if (symbol === '' || rows.has(bar.session))
      throw unreadable(index + 1, 'no symbol, or a second bar of one session');
    const closeDollars = Number(rest[4]);
    const adjusted = cells[adjustedAt] ?? '';
    const split = splitOf(cells[splitAt] ?? '', index + 1);
    rows.set(bar.session, {
      bar,
      closeDollars,
      adjustedDollars: adjusted === '' ? closeDollars : Number(adjusted),
      ...(split && { split }),
    });
    bySymbol.set(symbol, rows);
  }
  return indexed(bySymbol);
}

function indexed(bySymbol: ReadonlyMap<string, ReadonlyMap<SessionDate, RecordedRow>>): RecordedBars {
  const sessions = [...new Set([...bySymbol.values()].flatMap((rows) => [...rows.keys()]))].sort();
  const ordered = new Map(
    [...bySymbol].map(([symbol, rows]) => [
      symbol,
      [...rows.values()].sort((a, b) => (a.bar.session < b.bar.session ? -1 : 1)),
    ]),
  );
  const dividends = new Map([...ordered].map(([symbol, rows]) => [symbol, dividendsOf(rows)]));
  return {
    sessions,
    symbols: [...bySymbol.keys()].sort(),
    bar: (symbol, session) => bySymbol.get(symbol)?.get(session)?.bar,
    barBefore: (symbol, session) => {
      const rows = ordered.get(symbol) ?? [];
      const next = firstFrom(rows, session);
      const before = rows[next - 1]?.bar;
      const split = rows[next]?.bar.session === session ? rows[next]?.split : undefined;
      return before && split ? restated(before, split) : before;
    },
    dividendDollars: (symbol, session) => dividends.get(symbol)?.get(session) ?? 0,
    split: (symbol, session) => bySymbol.get(symbol)?.get(session)?.split,
  };
}

/** Dividends by ex-date, dollars a share of that date. */
function dividendsOf(rows: readonly RecordedRow[]): ReadonlyMap<SessionDate, number> {
  // Closes in the last session's shares, so that a split is no dividend; `inLastShares` is what a share of a row became.
  const inLastShares = new Float64Array(rows.length).fill(1);
  for (let row = rows.length - 2; row >= 0; row -= 1) {
    const { to, from } = rows[row + 1]?.split ?? { to: 1, from: 1 };
    inLastShares[row] = (inLastShares[row + 1] ?? 1) * (to / from);
  }
  const sessions = rows.map(({ bar }) => bar.session);
  const found = impliedDividends({
    sessions,
    close: Float64Array.from(rows, ({ closeDollars }, row) => closeDollars / (inLastShares[row] ?? 1)),
    adjustedClose: Float64Array.from(rows, ({ adjustedDollars }) => adjustedDollars),
  });
  return new Map(
    [...found].map(([session, dollars]) => [session, dollars * (inLastShares[sessions.indexOf(session)] ?? 1)]),
  );
}

/** A bar before a split, in new shares; prices rounded to ten-thousandths of a dollar. */
function restated(bar: RecordedBar, split: ShareSplit): RecordedBar {
  const { to, from } = split;
  const price = (old: Money): Money => splitPrice(old, split);
  return {
    session: bar.session,
    open: price(bar.open),
    high: price(bar.high),
    low: price(bar.low),
    close: price(bar.close),
    volume: Math.floor((bar.volume * to) / from),
  };
}

function splitOf(cell: string, line: number): ShareSplit | undefined {
  if (cell === '') return undefined;
  const match = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(cell);
  if (match === null) throw unreadable(line, `the split ${cell} is not two numbers as in 4/1`);
  return { to: Number(match[1]), from: Number(match[2]) };
}

/** Index of the first row of a session or a later one. */
function firstFrom(rows: readonly RecordedRow[], session: SessionDate): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as RecordedRow).bar.session < session) low = middle + 1;
    else high = middle;
  }
  return low;
}

function barOf(cells: readonly string[], line: number): RecordedBar {
  const [date = '', ...figures] = cells;
  const [open, high, low, close, volume] = figures.map((figure) => (figure === '' ? Number.NaN : Number(figure))) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const prices = [open, high, low, close];
  if (!prices.every((price) => Number.isFinite(price) && price > 0)) throw unreadable(line, 'a price is not positive');
  // Vendors' rounding leaves the extremes a hair inside open or close; a bar that is truly inside out is refused.
  const slack = 1e-4 * close;
  if (high + slack < Math.max(open, low, close) || low - slack > Math.min(open, close)) {
    throw unreadable(line, 'open and close lie outside the range');
  }
  if (!Number.isFinite(volume) || volume < 0) throw unreadable(line, 'the volume is negative or missing');
  try {
    return {
      session: sessionDate(date),
      open: moneyFromDollars(open),
      high: moneyFromDollars(Math.max(...prices)),
      low: moneyFromDollars(Math.min(...prices)),
      close: moneyFromDollars(close),
      volume: Math.floor(volume),
    };
  } catch (error) {
    throw unreadable(line, String(error));
  }
}

function unreadable(line: number, problem: string): Failure {
  return new Failure('RECORDED_BARS_UNREADABLE', `line ${line} of the recorded bars: ${problem}`, { line, problem });
}
