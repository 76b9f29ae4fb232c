import { readFileSync } from 'node:fs';
import { Failure } from '#domain/failure.ts';
import { moneyFromDollars } from '#domain/money.ts';
import type { Money } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

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
  /** The symbol's last bar of a session before the given one. */
  barBefore(symbol: string, session: SessionDate): RecordedBar | undefined;
}

const columns = ['symbol', 'date', 'open', 'high', 'low', 'close', 'volume'] as const;

/**
 * Reads a CSV file with the header `symbol,date,open,high,low,close,volume,adjusted` (further columns are ignored).
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
  const bySymbol = new Map<string, Map<SessionDate, RecordedBar>>();
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue;
    const cells = line.split(',');
    const [symbol = '', ...rest] = positions.map((position) => cells[position] ?? '');
    const bar = barOf(rest, index + 1);
    const bars = bySymbol.get(symbol) ?? new Map<SessionDate, RecordedBar>();
    if (symbol === '' || bars.has(bar.session))
      throw unreadable(index + 1, 'no symbol, or a second bar of one session');
    bars.set(bar.session, bar);
    bySymbol.set(symbol, bars);
  }
  return indexed(bySymbol);
}

function indexed(bySymbol: ReadonlyMap<string, ReadonlyMap<SessionDate, RecordedBar>>): RecordedBars {
  const sessions = [...new Set([...bySymbol.values()].flatMap((bars) => [...bars.keys()]))].sort();
  const ordered = new Map(
    [...bySymbol].map(([symbol, bars]) => [
      symbol,
      [...bars.values()].sort((a, b) => (a.session < b.session ? -1 : 1)),
    ]),
  );
  return {
    sessions,
    symbols: [...bySymbol.keys()].sort(),
    bar: (symbol, session) => bySymbol.get(symbol)?.get(session),
    barBefore: (symbol, session) => lastBefore(ordered.get(symbol) ?? [], session),
  };
}

function lastBefore(bars: readonly RecordedBar[], session: SessionDate): RecordedBar | undefined {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bars[middle] as RecordedBar).session < session) low = middle + 1;
    else high = middle;
  }
  return bars[low - 1];
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
