import { Failure } from '#domain/failure.ts';
import type { EventTime, MarketEvent, PriceLevel } from '#domain/marketEvents.ts';
import { linesOf } from '../files/linesOf.ts';

/** A message of a combined stream, and the answer to `GET /api/v3/depth`, as Binance documents them. */
interface DepthMessage {
  readonly e: 'depthUpdate';
  readonly E: number;
  readonly s: string;
  readonly U: number;
  readonly u: number;
  readonly b: readonly TextLevel[];
  readonly a: readonly TextLevel[];
}
interface TradeMessage {
  readonly e: 'trade';
  readonly s: string;
  readonly t: number;
  readonly p: string;
  readonly q: string;
  readonly T: number;
}
interface TickerMessage {
  readonly u: number;
  readonly s: string;
  readonly b: string;
  readonly B: string;
  readonly a: string;
  readonly A: string;
}
interface SnapshotAnswer {
  readonly lastUpdateId: number;
  readonly bids: readonly TextLevel[];
  readonly asks: readonly TextLevel[];
}
type TextLevel = readonly [price: string, size: string];

/**
 * Events of recorded Binance streams, line by line, so that memory does not grow with the files.
 * A line is the receiver's nanoseconds since 1970 UTC, a space, and the JSON that came in; snapshots asked for over
 * REST stand among them as their bare answer.
 * @param paths files in the order of time, plain or gzip
 * @throws Failure RECORDING_UNREADABLE, naming file and line, for anything else
 */
export async function* readBinanceRecording(paths: readonly string[]): AsyncGenerator<MarketEvent> {
  let symbol: string | undefined;
  for (const path of paths) {
    for await (const { text, line } of linesOf(path)) {
      const event = parseLine(text, { path, line, symbol });
      symbol = event.symbol;
      yield event;
    }
  }
}

interface Place {
  readonly path: string;
  readonly line: number;
  /** Symbol of the event before: a snapshot's answer does not name its own. */
  readonly symbol: string | undefined;
}

function parseLine(text: string, place: Place): MarketEvent {
  const separator = text.indexOf(' ');
  const stamp = text.slice(0, separator);
  if (!/^\d{19}$/.test(stamp)) throw unreadable('does not begin with nanoseconds since 1970', place);
  const receivedMs = Number(stamp.slice(0, -6)) + Number(stamp.slice(-6)) / 1e6;
  try {
    const message = JSON.parse(text.slice(separator + 1)) as object;
    const event = eventOf('data' in message ? (message.data as object) : message, receivedMs, place.symbol);
    if (event) return event;
  } catch (error) {
    throw unreadable((error as Error).message, place);
  }
  throw unreadable('is no depth update, ticker, trade or snapshot that follows one', place);
}

function eventOf(message: object, receivedMs: number, symbol: string | undefined): MarketEvent | undefined {
  if ('lastUpdateId' in message) {
    return symbol === undefined ? undefined : snapshotOf(message as SnapshotAnswer, symbol, receivedMs);
  }
  if (!('e' in message)) return 'u' in message ? quoteOf(message as TickerMessage, receivedMs) : undefined;
  if (message.e === 'depthUpdate') return updateOf(message as DepthMessage, receivedMs);
  return message.e === 'trade' ? tradeOf(message as TradeMessage, receivedMs) : undefined;
}

function snapshotOf({ lastUpdateId, bids, asks }: SnapshotAnswer, symbol: string, receivedMs: number): MarketEvent {
  const sides = { bids: bids.map(levelOf), asks: asks.map(levelOf) };
  return { kind: 'depthSnapshot', symbol, lastUpdateId: countOf(lastUpdateId), ...sides, venueMs: null, receivedMs };
}

function updateOf({ E, s, U, u, b, a }: DepthMessage, receivedMs: number): MarketEvent {
  const ids = { firstUpdateId: countOf(U), lastUpdateId: countOf(u) };
  return { kind: 'depthUpdate', symbol: s, ...ids, bids: b.map(levelOf), asks: a.map(levelOf), ...at(E, receivedMs) };
}

function tradeOf({ s, t, p, q, T }: TradeMessage, receivedMs: number): MarketEvent {
  const named = { kind: 'trade' as const, symbol: s, exchange: 'BINANCE', conditions: [], tradeId: String(t) };
  return { ...named, price: figureOf(p), size: figureOf(q), ...at(T, receivedMs) };
}

function quoteOf({ u, s, b, B, a, A }: TickerMessage, receivedMs: number): MarketEvent {
  const prices = { bid: figureOf(b), bidSize: figureOf(B), ask: figureOf(a), askSize: figureOf(A) };
  return { kind: 'quote', symbol: s, ...prices, exchange: 'BINANCE', updateId: countOf(u), venueMs: null, receivedMs };
}

function at(venueMs: number, receivedMs: number): EventTime {
  return { venueMs: countOf(venueMs), receivedMs };
}

function levelOf([price, size]: TextLevel): PriceLevel {
  return [figureOf(price), figureOf(size)];
}

function figureOf(text: string): number {
  const figure = typeof text === 'string' && text !== '' ? Number(text) : Number.NaN;
  if (!Number.isFinite(figure) || figure < 0) throw new RangeError(`${JSON.stringify(text)} is no price or size`);
  return figure;
}

function countOf(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${JSON.stringify(value)} is no id or time`);
  return value;
}

function unreadable(problem: string, { path, line }: Place): Failure {
  return new Failure('RECORDING_UNREADABLE', `${path}, line ${line}: ${problem}`, { path, line });
}
