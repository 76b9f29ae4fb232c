import type { MarketEvent } from '#domain/marketEvents.ts';
import type { MessageFields } from '../feeds/messageFields.ts';
import { saleConditionsOfNumbers } from './massiveConditions.ts';

/** The specification gives sizes of quotes in round lots of 100 shares. */
export const sharesPerLot = 100;

type Reader = (fields: MessageFields, receivedMs: number) => MarketEvent;

/**
 * Massive's messages about stocks by their `ev`, as its WebSocket specification describes them: trades, quotes, bars of a
 * minute and price bands. Sizes become shares.
 * Readers throw RangeError for a field that is missing or out of its range.
 */
export const massiveEvents: Readonly<Record<string, Reader>> = {
  T: (fields, receivedMs) => ({
    kind: 'trade',
    symbol: fields.text('sym'),
    price: fields.figure('p'),
    size: fields.figure('s'),
    exchange: fields.id('x'),
    conditions: saleConditionsOfNumbers(fields.codes('c')),
    tradeId: fields.id('i'),
    venueMs: stampMs(fields.figure('t')),
    receivedMs,
  }),
  Q: (fields, receivedMs) => ({
    kind: 'quote',
    symbol: fields.text('sym'),
    ...side(fields, { price: 'bp', size: 'bs' }, 'bid'),
    ...side(fields, { price: 'ap', size: 'as' }, 'ask'),
    exchange: ['bx', 'ax'].map((name) => (fields.has(name) ? fields.id(name) : '')).join('/'),
    updateId: null,
    venueMs: stampMs(fields.figure('t')),
    receivedMs,
  }),
  AM: (fields, receivedMs) => {
    const [startMs, endMs] = [fields.figure('s'), fields.figure('e')];
    if (endMs <= startMs) throw new RangeError(`a bar from ${startMs} to ${endMs}`);
    return {
      kind: 'bar',
      symbol: fields.text('sym'),
      startMs,
      lengthMs: endMs - startMs,
      open: fields.figure('o'),
      high: fields.figure('h'),
      low: fields.figure('l'),
      close: fields.figure('c'),
      volume: fields.figure('v'),
      venueMs: endMs,
      receivedMs,
    };
  },
  LULD: (fields, receivedMs) => ({
    kind: 'priceBand',
    symbol: fields.text('T'),
    lower: fields.figure('l'),
    upper: fields.figure('h'),
    venueMs: stampMs(fields.figure('t')),
    receivedMs,
  }),
};

/** A side of a quote; one without a quote is left out of the message or 0. */
function side<Side extends 'bid' | 'ask'>(
  fields: MessageFields,
  names: { readonly price: string; readonly size: string },
  name: Side,
): Readonly<Record<Side | `${Side}Size`, number>> {
  const figure = (field: string): number => (fields.has(field) ? fields.figure(field) : 0);
  const [price, size] = [figure(names.price), figure(names.size) * sharesPerLot];
  return { [name]: price, [`${name}Size`]: size } as Readonly<Record<Side | `${Side}Size`, number>>;
}

/** Stamps are milliseconds, except price bands', whose own example has microseconds; no stamp of either is in doubt. */
function stampMs(stamp: number): number {
  return stamp > 1e14 ? stamp / 1_000 : stamp;
}
