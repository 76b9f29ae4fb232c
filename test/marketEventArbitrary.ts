import * as fc from 'fast-check';
import type { MarketEvent } from '#domain/marketEvents.ts';
import { tradeConditionNames, type TradeCondition } from '#domain/tradeConditions.ts';

const figure = fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value + 0);
const id = fc.nat();
const symbol = fc.constantFrom('AAPL', 'MSFT', 'BRK.B');
const levels = fc.array(fc.tuple(figure, figure), { maxLength: 4 });
const time = {
  venueMs: fc.option(fc.integer({ min: 0, max: 2e12 }), { nil: null }),
  receivedMs: fc.integer({ min: 0, max: 2e12 }),
};
const common = { symbol, ...time };

/** Any event of the market. */
export const marketEventArbitrary: fc.Arbitrary<MarketEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('trade' as const),
    ...common,
    price: figure,
    size: figure,
    exchange: fc.string(),
    conditions: fc.subarray([...tradeConditionNames] as TradeCondition[]),
    tradeId: fc.option(fc.string(), { nil: null }),
  }),
  fc.record({
    kind: fc.constant('quote' as const),
    ...common,
    bid: figure,
    bidSize: figure,
    ask: figure,
    askSize: figure,
    exchange: fc.string(),
    updateId: fc.option(id, { nil: null }),
  }),
  fc.record({ kind: fc.constant('depthSnapshot' as const), ...common, lastUpdateId: id, bids: levels, asks: levels }),
  fc.record({
    kind: fc.constant('depthUpdate' as const),
    ...common,
    firstUpdateId: id,
    lastUpdateId: id,
    bids: levels,
    asks: levels,
  }),
  fc.record({
    kind: fc.constant('bar' as const),
    ...common,
    startMs: id,
    lengthMs: id,
    open: figure,
    high: figure,
    low: figure,
    close: figure,
    volume: figure,
  }),
  fc.record({ kind: fc.constant('tradeCancel' as const), ...common, exchange: fc.string(), tradeId: fc.string() }),
  fc.record({
    kind: fc.constant('tradingStatus' as const),
    ...common,
    status: fc.constantFrom('trading' as const, 'halted' as const, 'paused' as const, 'quotationOnly' as const),
    reason: fc.string(),
  }),
  fc.record({ kind: fc.constant('priceBand' as const), ...common, lower: figure, upper: figure }),
);
