import { expect, test } from 'vitest';
import type { Trade } from '#domain/marketEvents.ts';
import { alpacaEvents } from '#infra/alpaca/alpacaEvents.ts';
import { MessageFields } from '#infra/feeds/messageFields.ts';
import { alpacaTrade } from '#test/fakes/alpacaDialect.ts';
import type { VendorMessage } from '#test/fakes/fakeVendor.ts';

test('every kind of message that is subscribed to is read, or refused where a field is wrong', () => {
  const read = (message: VendorMessage): unknown[] => [
    ...alpacaEvents[String(message.T)]!(new MessageFields(message), 5),
  ];
  const t = '2021-02-22T15:51:44.208421394Z';
  const time = { venueMs: Date.parse('2021-02-22T15:51:44Z') + 208.421394, receivedMs: 5 };
  expect(
    read({ T: 'q', S: 'AMD', bx: 'U', bp: 87.66, bs: 100, ax: 'Q', ap: 87.68, as: 400, t, c: ['R'], z: 'C' }),
  ).toEqual([
    {
      kind: 'quote',
      symbol: 'AMD',
      bid: 87.66,
      bidSize: 100,
      ask: 87.68,
      askSize: 400,
      exchange: 'U/Q',
      updateId: null,
      ...time,
    },
  ]);
  const correction = {
    T: 'c',
    S: 'EEM',
    x: 'M',
    oi: 1,
    op: 39.1,
    os: 4,
    oc: [' ', '7'],
    ci: 2,
    cp: 39.2,
    cs: 5,
    cc: ['B', 'Ω'],
    t,
    z: 'B',
  };
  const corrected: Partial<Trade> = { price: 39.2, size: 5, tradeId: '2', conditions: ['averagePrice', 'unknown'] };
  expect(read(correction)).toEqual([
    { kind: 'tradeCancel', symbol: 'EEM', exchange: 'M', tradeId: '1', ...time },
    { kind: 'trade', symbol: 'EEM', exchange: 'M', ...corrected, ...time },
  ]);
  expect(read({ T: 'b', S: 'SPY', o: 1, h: 3, l: 0.5, c: 2, v: 49, t: '2021-02-22T19:15:00Z' })).toEqual([
    {
      kind: 'bar',
      symbol: 'SPY',
      startMs: Date.parse('2021-02-22T19:15:00Z'),
      lengthMs: 60_000,
      open: 1,
      high: 3,
      low: 0.5,
      close: 2,
      volume: 49,
      venueMs: Date.parse('2021-02-22T19:16:00Z'),
      receivedMs: 5,
    },
  ]);
  const status = {
    T: 's',
    S: 'AAPL',
    sc: 'H',
    sm: 'Trading Halt',
    rc: 'T12',
    rm: 'information requested',
    t,
    z: 'C',
  };
  expect(read(status)).toEqual([{ kind: 'tradingStatus', symbol: 'AAPL', status: 'halted', reason: 'T12', ...time }]);
  expect(read({ ...status, sc: 'A' })).toEqual([]);
  expect(read({ T: 'l', S: 'IONM', u: 3.24, d: 2.65, i: 'B', t, z: 'C' })).toEqual([
    { kind: 'priceBand', symbol: 'IONM', lower: 2.65, upper: 3.24, ...time },
  ]);
  expect(read({ T: 'x', S: 'GOOGL', i: 465, x: 'D', p: 108, s: 1, t, z: 'C', a: 'C' })).toMatchObject([
    { tradeId: '465' },
  ]);
  for (const broken of [{ p: -1 }, { t: 'now' }, { i: null }, { c: 'I' }, { z: 'Q' }]) {
    expect(() => read({ ...alpacaTrade(1, { atMs: 1e12 }), ...broken })).toThrow(RangeError);
  }
});
