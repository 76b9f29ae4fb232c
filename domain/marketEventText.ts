import type { MarketEvent } from './marketEvents.ts';
import { tradeConditionNames } from './tradeConditions.ts';

/**
 * An event as one line of canonical JSON (RFC 8785, as `canonicalJson` gives it): the same event is the same text whoever
 * made it, so that digests of recordings can be compared. Keys stand sorted in the literals below, which costs a fraction
 * of sorting them for every event.
 */
export function marketEventText(event: MarketEvent): string {
  // The writer of a kind takes events of that kind only; TypeScript does not follow the index.
  const write = writers[event.kind] as (of: MarketEvent) => object;
  return JSON.stringify(write(event));
}

type WriterByKind = { readonly [Kind in MarketEvent['kind']]: (event: Extract<MarketEvent, { kind: Kind }>) => object };

const writers: WriterByKind = {
  trade: ({ conditions, exchange, kind, price, receivedMs, size, symbol, tradeId, venueMs }) => ({
    conditions,
    exchange,
    kind,
    price,
    receivedMs,
    size,
    symbol,
    tradeId,
    venueMs,
  }),
  quote: ({ ask, askSize, bid, bidSize, exchange, kind, receivedMs, symbol, updateId, venueMs }) => ({
    ask,
    askSize,
    bid,
    bidSize,
    exchange,
    kind,
    receivedMs,
    symbol,
    updateId,
    venueMs,
  }),
  depthSnapshot: ({ asks, bids, kind, lastUpdateId, receivedMs, symbol, venueMs }) => ({
    asks,
    bids,
    kind,
    lastUpdateId,
    receivedMs,
    symbol,
    venueMs,
  }),
  depthUpdate: ({ asks, bids, firstUpdateId, kind, lastUpdateId, receivedMs, symbol, venueMs }) => ({
    asks,
    bids,
    firstUpdateId,
    kind,
    lastUpdateId,
    receivedMs,
    symbol,
    venueMs,
  }),
  bar: ({ close, high, kind, lengthMs, low, open, receivedMs, startMs, symbol, venueMs, volume }) => ({
    close,
    high,
    kind,
    lengthMs,
    low,
    open,
    receivedMs,
    startMs,
    symbol,
    venueMs,
    volume,
  }),
  tradeCancel: ({ exchange, kind, receivedMs, symbol, tradeId, venueMs }) => ({
    exchange,
    kind,
    receivedMs,
    symbol,
    tradeId,
    venueMs,
  }),
  tradingStatus: ({ kind, reason, receivedMs, status, symbol, venueMs }) => ({
    kind,
    reason,
    receivedMs,
    status,
    symbol,
    venueMs,
  }),
  priceBand: ({ kind, lower, receivedMs, symbol, upper, venueMs }) => ({
    kind,
    lower,
    receivedMs,
    symbol,
    upper,
    venueMs,
  }),
};

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

const isText: Check = (value) => typeof value === 'string';
const isFigure: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isId: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const isLevels: Check = (value) =>
  Array.isArray(value) &&
  value.every((level) => Array.isArray(level) && level.length === 2 && isFigure(level[0]) && isFigure(level[1]));
const isConditions: Check = (value) => Array.isArray(value) && value.every((name) => tradeConditionNames.has(name));
const isStatus: Check = (value) => ['trading', 'halted', 'paused', 'quotationOnly'].includes(value as string);

const always = { kind: isText, symbol: isText, venueMs: orNull(isFigure), receivedMs: isFigure };
const book = { bids: isLevels, asks: isLevels, lastUpdateId: isId };

/** Every field of every kind, and what it may hold; the types name the same fields, or this does not compile. */
const fieldsByKind = {
  trade: {
    ...always,
    price: isFigure,
    size: isFigure,
    exchange: isText,
    conditions: isConditions,
    tradeId: orNull(isText),
  },
  quote: {
    ...always,
    bid: isFigure,
    bidSize: isFigure,
    ask: isFigure,
    askSize: isFigure,
    exchange: isText,
    updateId: orNull(isId),
  },
  depthSnapshot: { ...always, ...book },
  depthUpdate: { ...always, ...book, firstUpdateId: isId },
  bar: {
    ...always,
    startMs: isFigure,
    lengthMs: isFigure,
    open: isFigure,
    high: isFigure,
    low: isFigure,
    close: isFigure,
    volume: isFigure,
  },
  tradeCancel: { ...always, exchange: isText, tradeId: isText },
  tradingStatus: { ...always, status: isStatus, reason: isText },
  priceBand: { ...always, lower: isFigure, upper: isFigure },
} as const satisfies {
  readonly [Kind in MarketEvent['kind']]: Readonly<Record<keyof Extract<MarketEvent, { kind: Kind }>, Check>>;
};

/**
 * Reads an event back from its text.
 * @throws RangeError when it is no JSON, of no kind we know, or a field is missing, unknown or out of its range
 */
export function marketEventOfText(text: string): MarketEvent {
  const value = parsed(text);
  const kind = (value as { readonly kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(fieldsByKind, kind)) throw new RangeError('it is no market event');
  const fields: Fields = fieldsByKind[kind as MarketEvent['kind']];
  const given = value as Readonly<Record<string, unknown>>;
  for (const [name, check] of Object.entries(fields)) {
    if (!check(given[name])) throw new RangeError(`its ${name} is ${JSON.stringify(given[name])}`);
  }
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) throw new RangeError(`a ${kind} has no ${unknown}`);
  return value as MarketEvent;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new RangeError((error as Error).message, { cause: error });
  }
}
