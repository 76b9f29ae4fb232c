import { Failure } from '#domain/failure.ts';
import type { StampedBars } from '#domain/intradayBars.ts';
import type { Trade } from '#domain/marketEvents.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { readCsv, type CsvColumns } from '../files/csvColumns.ts';
import { onlyZipEntry } from '../files/zipEntry.ts';
import { saleConditions } from './saleConditions.ts';

/** One day of one symbol: bars stamped at their start, or the trades of the tape in the order of the file. */
export type LeanDay =
  | { readonly kind: 'bars'; readonly symbol: string; readonly lengthMs: number; readonly bars: StampedBars }
  | {
      readonly kind: 'trades';
      readonly symbol: string;
      readonly trades: readonly Trade[];
      /** Trades that the vendor calls suspicious: they are left out. */
      readonly suspicious: number;
    };

// Each archive names what it holds: 20131007_ibm_minute_trade.csv, 20131007_ibm_Trade_Tick.csv.
const entryName = /^(\d{4})(\d{2})(\d{2})_([a-z0-9.]+)_(minute_trade|second_trade|trade_tick)\.csv$/i;
const pricesPerDollar = 10_000;
const barHeader = 'ms,open,high,low,close,volume\n';
const tickHeader = 'ms,price,size,exchange,condition,suspicious\n';

/**
 * Reads a LEAN minute, second or tick file of trades: headerless CSV in a zip, prices times 10,000, milliseconds since
 * midnight of New York's clocks.
 * @throws Failure FILE_UNREADABLE for an archive that is missing or damaged, BARS_UNREADABLE for one that holds quotes or
 *   something else, or by its line
 */
export async function readLeanIntraday(path: string): Promise<LeanDay> {
  const { name, bytes } = await onlyZipEntry(path);
  const [, year, month, day, ticker, kind] = entryName.exec(name) ?? [];
  if (ticker === undefined)
    throw unreadable(path, 0, `${JSON.stringify(name)} is no LEAN file of trades or trade bars`);
  const session = sessionDate(`${year}-${month}-${day}`);
  const origin = { path, symbol: ticker.toUpperCase(), atMs: clockOf(session) };
  if (/tick/i.test(kind!)) return tradesOf(bytes, origin);
  const lengthMs = /minute/i.test(kind!) ? 60_000 : 1_000;
  return { kind: 'bars', symbol: origin.symbol, lengthMs, bars: barsOf(bytes, origin) };
}

interface Origin {
  readonly path: string;
  readonly symbol: string;
  readonly atMs: (ms: number) => number;
}

/** The instant of a time of day. New York's clocks change on Sundays only, when no exchange of equities is open. */
function clockOf(session: SessionDate): Origin['atMs'] {
  const midnightMs = newYorkTimeMs(session, '00:00');
  return (ms) => midnightMs + ms;
}

function barsOf(bytes: Buffer, origin: Origin): StampedBars {
  const table = tableOf(bytes, barHeader, origin);
  const column = (name: string): Float64Array => figures(table, name, origin);
  const price = (name: string): Float64Array => column(name).map((value) => value / pricesPerDollar);
  return {
    symbol: origin.symbol,
    stampMs: column('ms').map(origin.atMs),
    open: price('open'),
    high: price('high'),
    low: price('low'),
    close: price('close'),
    volume: column('volume'),
  };
}

function tradesOf(bytes: Buffer, origin: Origin): LeanDay {
  const table = tableOf(bytes, tickHeader, origin);
  const [ms, price, size] = ['ms', 'price', 'size'].map((name) => figures(table, name, origin)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const suspicious = figures(table, 'suspicious', origin);
  const [exchanges, conditions] = [table.texts.get('exchange')!, table.texts.get('condition')!];
  const trades: Trade[] = [];
  for (let row = 0; row < table.rows; row += 1) {
    if (suspicious[row] !== 0) continue;
    const known = saleConditions(conditions[row]!);
    if (!known) throw unreadable(origin.path, row + 1, `${JSON.stringify(conditions[row])} is no sale condition`);
    const venueMs = origin.atMs(ms[row]!);
    trades.push({
      kind: 'trade',
      symbol: origin.symbol,
      price: price[row]! / pricesPerDollar,
      size: size[row]!,
      exchange: exchanges[row]!,
      conditions: known,
      tradeId: null,
      venueMs,
      // The recording does not say when it was made; the venue's stamp is the earliest that it can have been.
      receivedMs: venueMs,
    });
  }
  return { kind: 'trades', symbol: origin.symbol, trades, suspicious: table.rows - trades.length };
}

function tableOf(bytes: Buffer, header: string, { path }: Origin): CsvColumns {
  const table = readCsv(Buffer.concat([Buffer.from(header), bytes]), (name) =>
    name === 'exchange' || name === 'condition' ? 'text' : 'figure',
  );
  const [uneven] = table.unevenLines;
  if (uneven !== undefined) throw unreadable(path, uneven - 1, `it has not ${table.header.length} cells`);
  return table;
}

function figures(table: CsvColumns, name: string, { path }: Origin): Float64Array {
  const column = table.figures.get(name)!;
  const bad = column.findIndex((value) => !(Number.isFinite(value) && value >= 0));
  if (bad !== -1) throw unreadable(path, bad + 1, `its ${name} is no figure of at least 0`);
  return column;
}

function unreadable(path: string, line: number, problem: string): Failure {
  return new Failure('BARS_UNREADABLE', `${path}${line > 0 ? `, line ${line}` : ''}: ${problem}`, { path, line });
}
