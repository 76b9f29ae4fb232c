import { Failure } from '#domain/failure.ts';
import type { MarketEvent, Quote, Trade } from '#domain/marketEvents.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { linesOfStream } from '../files/linesOf.ts';
import { streamZipEntry } from '../files/zipEntry.ts';
import { saleConditions } from './saleConditions.ts';

// 20131007_ibm_Trade_Tick.csv, 20131007_ibm_Quote_Tick.csv
const entryName = /^(\d{4})(\d{2})(\d{2})_([a-z0-9.]+)_(trade|quote)_tick\.csv$/i;
const pricesPerDollar = 10_000;

/** What every row of a file shares. */
interface Tape {
  readonly symbol: string;
  readonly midnightMs: number;
}

/**
 * Trades or quotes of a LEAN tick file, row by row in the order of the file, so that memory holds the packed archive and
 * no more. Rows that the vendor calls suspicious are left out. The recording does not say when a row was received; the
 * venue's stamp is the earliest that it can have been, and stands for it.
 * @throws Failure FILE_UNREADABLE for an archive that is missing or damaged, RECORDING_UNREADABLE by file and line for one
 *   that holds something else
 */
export async function* readLeanTicks(path: string): AsyncGenerator<MarketEvent> {
  const { name, bytes } = await streamZipEntry(path);
  const [, year, month, day, ticker, kind] = entryName.exec(name) ?? [];
  if (kind === undefined || ticker === undefined) {
    throw new Failure('RECORDING_UNREADABLE', `${path}: ${name} is no LEAN file of ticks`, { path });
  }
  const session = sessionDate(`${year}-${month}-${day}`);
  const tape = { symbol: ticker.toUpperCase(), midnightMs: newYorkTimeMs(session, '00:00') };
  const eventOf = kind.toLowerCase() === 'trade' ? tradeOf : quoteOf;
  try {
    for await (const { text, line } of linesOfStream(bytes)) {
      const event = eventOf(text.split(','), tape);
      if (event === undefined) throw unreadable(path, line);
      if (event !== 'suspicious') yield event;
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { path }, { cause: error });
  }
}

function tradeOf(cells: readonly string[], { symbol, midnightMs }: Tape): Trade | 'suspicious' | undefined {
  const [ms, price, size] = cells.slice(0, 3).map(figureOf);
  const [exchange, conditionText, suspicious] = cells.slice(3);
  if (cells.length !== 6 || ms === undefined || price === undefined || size === undefined) return undefined;
  const conditions = saleConditions(conditionText!);
  if (conditions === undefined || (suspicious !== '0' && suspicious !== '1')) return undefined;
  if (suspicious === '1') return 'suspicious';
  const venueMs = midnightMs + ms;
  const sold = { price: price / pricesPerDollar, size, exchange: exchange!, conditions, tradeId: null };
  return { kind: 'trade', symbol, ...sold, venueMs, receivedMs: venueMs };
}

function quoteOf(cells: readonly string[], { symbol, midnightMs }: Tape): Quote | 'suspicious' | undefined {
  const figures = cells.slice(0, 5).map(figureOf);
  const [exchange, , suspicious] = cells.slice(5);
  if (cells.length !== 8 || figures.includes(undefined) || (suspicious !== '0' && suspicious !== '1')) return undefined;
  if (suspicious === '1') return 'suspicious';
  const [ms, bid, bidSize, ask, askSize] = figures as [number, number, number, number, number];
  const venueMs = midnightMs + ms;
  const sides = { bid: bid / pricesPerDollar, bidSize, ask: ask / pricesPerDollar, askSize };
  return { kind: 'quote', symbol, ...sides, exchange: exchange!, updateId: null, venueMs, receivedMs: venueMs };
}

function figureOf(text: string): number | undefined {
  return /^\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function unreadable(path: string, line: number): Failure {
  return new Failure('RECORDING_UNREADABLE', `${path}, line ${line}: it is no tick`, { path, line });
}
