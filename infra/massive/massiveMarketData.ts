import type {
  BarsRequest,
  EventsRequest,
  HistoricalBars,
  Instrument,
  MarketDataProvider,
  Timeframe,
} from '#activities/ports/marketDataProvider.ts';
import type { Quote, Trade } from '#domain/marketEvents.ts';
import type { RateAllowance } from '../http/ratePlan.ts';
import { unreadable } from '../http/vendorAnswer.ts';
import { VendorHttp } from '../http/vendorHttp.ts';
import type { VendorLimits } from '../http/vendorHttp.ts';
import { historicalBars } from '../providers/barColumns.ts';
import type { VendorBar } from '../providers/barColumns.ts';
import { massiveActions } from './massiveActions.ts';
import { saleConditionsOfNumbers } from './massiveConditions.ts';
import { sharesPerLot } from './massiveEvents.ts';
import {
  massiveBarsSchema,
  massiveQuotesSchema,
  massiveTickersSchema,
  massiveTradesSchema,
} from './massiveMarketWire.ts';
import { massivePages, massiveRefusalWords, massiveRefusedWithin } from './massivePages.ts';
import type { MassiveSource } from './massivePages.ts';

/** How to reach Massive's REST of stocks. */
export interface MassiveMarketDataOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly allowance: RateAllowance;
  readonly limits?: Partial<VendorLimits>;
  readonly signal?: AbortSignal;
}

const spans: Readonly<Record<Timeframe, string>> = {
  '1Min': '1/minute',
  '5Min': '5/minute',
  '15Min': '15/minute',
  '30Min': '30/minute',
  '1Hour': '1/hour',
  '1Day': '1/day',
};
// The limit of bars counts the minutes and days that they are made of.
const barsPerPage = '50000';
const eventsPerPage = '50000';
const tickersPerPage = '1000';
// What the tape took back, and the records that say so.
const correctionsThatStand: readonly number[] = [0, 1];

/** Massive's stocks: raw bars, dividends and splits, quotes and trades of the tape, and the list of tickers. */
export function createMassiveMarketData(options: MassiveMarketDataOptions): MarketDataProvider {
  const { url, apiKey, allowance, limits, signal } = options;
  const http = new VendorHttp({
    provider: 'massive',
    headers: { authorization: `Bearer ${apiKey}` },
    allowance,
    ...(limits && { limits }),
    ...(signal && { signal }),
    refusalWords: massiveRefusalWords,
    refusedWithin: massiveRefusedWithin,
  });
  const source = { http, base: url };
  return {
    name: 'massive',
    origin: 'Massive stocks REST, prices raw; use under the agreement with Massive.',
    timeframes: ['1Min', '5Min', '15Min', '30Min', '1Hour', '1Day'],
    historicalBars: (request) => bars(source, request),
    corporateActions: (request) => massiveActions(source, request),
    quotes: (request) => quotes(source, request),
    trades: (request) => trades(source, request),
    instruments: () => tickers(source),
    close: () => http.close(),
  };
}

async function bars(source: MassiveSource, request: BarsRequest): Promise<HistoricalBars> {
  const given = new Map<string, readonly VendorBar[]>();
  const { from, to } = request.range;
  for (const symbol of request.symbols) {
    const rows: VendorBar[] = [];
    const path = `/v2/aggs/ticker/${encodeURIComponent(symbol)}/range/${spans[request.timeframe]}/${from}/${to}`;
    const query = { adjusted: 'false', sort: 'asc', limit: barsPerPage };
    for await (const { url, page } of massivePages(source, { path, query, schema: massiveBarsSchema })) {
      if (page.ticker !== symbol)
        throw unreadable({ http: source.http, url }, `ticker: ${page.ticker} in place of ${symbol}`);
      for (const { t, o, h, l, c, v } of page.results) {
        rows.push({ startMs: t, open: o, high: h, low: l, close: c, volume: v });
      }
    }
    given.set(symbol, rows);
  }
  return historicalBars(request, 'raw', given);
}

async function* quotes(source: MassiveSource, request: EventsRequest): AsyncGenerator<readonly Quote[]> {
  const path = `/v3/quotes/${encodeURIComponent(request.symbol)}`;
  const question = { path, query: eventsQuery(request), schema: massiveQuotesSchema };
  for await (const { page } of massivePages(source, question)) {
    const receivedMs = Date.now();
    yield page.results.filter(isWithin(request)).map((quote) => ({
      kind: 'quote',
      symbol: request.symbol,
      venueMs: quote.sip_timestamp,
      receivedMs,
      bid: quote.bid_price,
      bidSize: quote.bid_size * sharesPerLot,
      ask: quote.ask_price,
      askSize: quote.ask_size * sharesPerLot,
      // As the stream tells it.
      exchange: `${quote.bid_exchange ?? ''}/${quote.ask_exchange ?? ''}`,
      updateId: null,
    }));
  }
}

async function* trades(source: MassiveSource, request: EventsRequest): AsyncGenerator<readonly Trade[]> {
  const path = `/v3/trades/${encodeURIComponent(request.symbol)}`;
  const question = { path, query: eventsQuery(request), schema: massiveTradesSchema };
  for await (const { page } of massivePages(source, question)) {
    const receivedMs = Date.now();
    const standing = page.results.filter(({ correction }) => correctionsThatStand.includes(correction));
    yield standing.filter(isWithin(request)).map((trade) => ({
      kind: 'trade',
      symbol: request.symbol,
      venueMs: trade.sip_timestamp,
      receivedMs,
      price: trade.price,
      size: trade.size,
      exchange: String(trade.exchange),
      conditions: saleConditionsOfNumbers(trade.conditions),
      tradeId: trade.id,
    }));
  }
}

async function tickers(source: MassiveSource): Promise<readonly Instrument[]> {
  const found: Instrument[] = [];
  for (const active of ['true', 'false']) {
    const query = { market: 'stocks', active, order: 'asc', sort: 'ticker', limit: tickersPerPage };
    const question = { path: '/v3/reference/tickers', query, schema: massiveTickersSchema };
    for await (const { page } of massivePages(source, question)) {
      for (const { ticker, name, primary_exchange: exchange, active: isActive } of page.results) {
        found.push({ symbol: ticker, name, exchange, active: isActive });
      }
    }
  }
  return found;
}

function eventsQuery({ fromMs, toMs }: EventsRequest): Readonly<Record<string, string>> {
  return {
    'timestamp.gte': nanosecondsText(fromMs),
    'timestamp.lt': nanosecondsText(toMs),
    order: 'asc',
    sort: 'timestamp',
    limit: eventsPerPage,
  };
}

/** Nanoseconds as digits: a number would round them. */
function nanosecondsText(ms: number): string {
  const wholeMs = Math.floor(ms);
  return String(BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((ms - wholeMs) * 1_000_000)));
}

function isWithin({ fromMs, toMs }: EventsRequest): (row: { readonly sip_timestamp: number }) => boolean {
  return ({ sip_timestamp: atMs }) => atMs >= fromMs && atMs < toMs;
}
