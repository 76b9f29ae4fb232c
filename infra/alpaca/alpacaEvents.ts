import type { EventTime, MarketEvent, Trade, TradingStatus } from '#domain/marketEvents.ts';
import type { MessageFields } from '../feeds/messageFields.ts';
import { saleConditionsOfLetters, type SipTape } from '../sip/saleLetters.ts';

const minuteMs = 60_000;

// Codes of both plans (UTP: letters of trading action; CTA: security status). The others tell of imbalances and
// indications: they change nothing about whether one may trade.
const statuses: Readonly<Record<string, TradingStatus['status']>> = {
  H: 'halted',
  '2': 'halted',
  P: 'paused',
  Q: 'quotationOnly',
  T: 'trading',
  '3': 'trading',
};

type Reader = (fields: MessageFields, receivedMs: number) => readonly MarketEvent[];

/**
 * Alpaca's market data messages by their `T` (documentation "Real-time stock data"): trades, quotes, minute bars and their
 * updates, corrections, cancels, trading statuses and price bands. Sizes are shares.
 * Readers throw RangeError for a field that is missing or out of its range.
 */
export const alpacaEvents: Readonly<Record<string, Reader>> = {
  t: (fields, receivedMs) => [tradeOf(fields, { id: 'i', price: 'p', size: 's', letters: 'c' }, receivedMs)],
  q: (fields, receivedMs) => [
    {
      kind: 'quote',
      symbol: fields.text('S'),
      bid: fields.figure('bp'),
      bidSize: fields.figure('bs'),
      ask: fields.figure('ap'),
      askSize: fields.figure('as'),
      exchange: `${fields.text('bx')}/${fields.text('ax')}`,
      updateId: null,
      ...timeOf(fields, receivedMs),
    },
  ],
  b: barOf,
  u: barOf,
  x: (fields, receivedMs) => [cancelOf(fields, 'i', receivedMs)],
  c: (fields, receivedMs) => [
    cancelOf(fields, 'oi', receivedMs),
    tradeOf(fields, { id: 'ci', price: 'cp', size: 'cs', letters: 'cc' }, receivedMs),
  ],
  s: (fields, receivedMs) => {
    const status = statuses[fields.text('sc')];
    if (status === undefined) return [];
    const symbol = fields.text('S');
    return [{ kind: 'tradingStatus', symbol, status, reason: fields.text('rc'), ...timeOf(fields, receivedMs) }];
  },
  l: (fields, receivedMs) => [
    {
      kind: 'priceBand',
      symbol: fields.text('S'),
      lower: fields.figure('d'),
      upper: fields.figure('u'),
      ...timeOf(fields, receivedMs),
    },
  ],
};

function tradeOf(
  fields: MessageFields,
  names: { readonly id: string; readonly price: string; readonly size: string; readonly letters: string },
  receivedMs: number,
): Trade {
  return {
    kind: 'trade',
    symbol: fields.text('S'),
    price: fields.figure(names.price),
    size: fields.figure(names.size),
    exchange: fields.text('x'),
    conditions: saleConditionsOfLetters(fields.texts(names.letters), tapeOf(fields)),
    tradeId: fields.id(names.id),
    ...timeOf(fields, receivedMs),
  };
}

function cancelOf(fields: MessageFields, id: string, receivedMs: number): MarketEvent {
  const time = timeOf(fields, receivedMs);
  return { kind: 'tradeCancel', symbol: fields.text('S'), exchange: fields.text('x'), tradeId: fields.id(id), ...time };
}

function barOf(fields: MessageFields, receivedMs: number): readonly MarketEvent[] {
  const startMs = instantOf(fields.text('t'));
  const prices = {
    open: fields.figure('o'),
    high: fields.figure('h'),
    low: fields.figure('l'),
    close: fields.figure('c'),
  };
  const symbol = fields.text('S');
  const times = { startMs, lengthMs: minuteMs, venueMs: startMs + minuteMs, receivedMs };
  return [{ kind: 'bar', symbol, ...prices, volume: fields.figure('v'), ...times }];
}

function tapeOf(fields: MessageFields): SipTape {
  const tape = fields.text('z');
  if (tape === 'A' || tape === 'B' || tape === 'C') return tape;
  throw new RangeError(`its z is ${JSON.stringify(tape)}`);
}

function timeOf(fields: MessageFields, receivedMs: number): EventTime {
  return { venueMs: instantOf(fields.text('t')), receivedMs };
}

/** Milliseconds of an instant that is told to the nanosecond; what is finer than a double of milliseconds is rounded. */
function instantOf(text: string): number {
  const [, seconds, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(text) ?? [];
  const atMs = Date.parse(`${seconds}Z`) + Number(`0${fraction}`) * 1_000;
  if (Number.isNaN(atMs)) throw new RangeError(`its t is ${JSON.stringify(text)}`);
  return atMs;
}
