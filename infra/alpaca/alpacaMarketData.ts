import type { z } from 'zod';
import type {
  BarsRequest,
  EventsRequest,
  HistoricalBars,
  Instrument,
  MarketDataProvider,
  SymbolsRequest,
  Timeframe,
} from '#activities/ports/marketDataProvider.ts';
import type { CorporateAction } from '#domain/corporateAction.ts';
import { addDays } from '#domain/exchangeHolidays.ts';
import type { Quote, Trade } from '#domain/marketEvents.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import type { RateAllowance } from '../http/ratePlan.ts';
import { pagesOf } from '../http/pages.ts';
import { ask, unreadable } from '../http/vendorAnswer.ts';
import { VendorHttp } from '../http/vendorHttp.ts';
import type { VendorLimits } from '../http/vendorHttp.ts';
import { historicalBars } from '../providers/barColumns.ts';
import type { VendorBar } from '../providers/barColumns.ts';
import { corporateActionsOf } from './alpacaActions.ts';
import type { AlpacaCredentials } from './alpacaHttp.ts';
import { alpacaActionsSchema, alpacaAssetsSchema, alpacaBarsSchema } from './alpacaMarketWire.ts';
import { alpacaQuotesSchema, alpacaTradesSchema } from './alpacaMarketWire.ts';
import { saleConditionsOfLetters } from '../sip/saleLetters.ts';
import { alpacaErrorSchema } from './alpacaWire.ts';

/** How to reach Alpaca's market data, version 2. */
export interface AlpacaMarketDataOptions {
  readonly credentials: AlpacaCredentials;
  /** `https://data.alpaca.markets`, or the sandbox. */
  readonly dataUrl: string;
  /** Trading API, which has the list of stocks. */
  readonly tradingUrl: string;
  /** `sip` is every US exchange; `iex` one of them. */
  readonly feed: 'sip' | 'iex';
  readonly allowance: RateAllowance;
  readonly limits?: Partial<VendorLimits>;
  readonly signal?: AbortSignal;
}

// Alpaca counts rows of a page over all symbols; addresses stay short with so many symbols at a time.
const symbolsPerQuestion = 100;
const rowsPerPage = '10000';
const actionsPerPage = '1000';
// The list is asked for by the day of processing, which follows the ex-date: a dividend is processed when it is paid.
const processedBeforeDays = 40;
const processedAfterDays = 200;
// Sizes of quotes are round lots until 2025-11-02 and shares from then on (Alpaca's specification, stock_quote).
const sharesFromMs = newYorkTimeMs('2025-11-03' as SymbolsRequest['range']['from'], '00:00');
const roundLotShares = 100;
const timeframes: readonly Timeframe[] = ['1Min', '5Min', '15Min', '30Min', '1Hour', '1Day'];

/** Alpaca's market data: raw bars and corporate actions, quotes and trades of the tape, and the list of stocks. */
export function createAlpacaMarketData(options: AlpacaMarketDataOptions): MarketDataProvider {
  const { credentials, allowance, limits, signal, feed } = options;
  const http = new VendorHttp({
    provider: 'alpaca',
    headers: { 'apca-api-key-id': credentials.keyId, 'apca-api-secret-key': credentials.secretKey },
    allowance,
    ...(limits && { limits }),
    ...(signal && { signal }),
    refusalWords,
  });
  const source = { http, base: options.dataUrl, feed };
  return {
    name: 'alpaca',
    origin: `Alpaca market data v2, feed ${feed}, prices raw; use under the agreement with Alpaca.`,
    timeframes,
    historicalBars: (request) => bars(source, request),
    corporateActions: (request) => actions(source, request),
    quotes: (request) => quotes(source, request),
    trades: (request) => trades(source, request),
    instruments: () => assets(http, options.tradingUrl),
    close: () => http.close(),
  };
}

interface Source {
  readonly http: VendorHttp;
  readonly base: string;
  readonly feed: string;
}

async function bars(source: Source, request: BarsRequest): Promise<HistoricalBars> {
  const given = new Map<string, VendorBar[]>();
  const { from, to } = request.range;
  for (const symbols of groups(request.symbols)) {
    const query = {
      symbols: symbols.join(','),
      timeframe: request.timeframe,
      start: new Date(newYorkTimeMs(from, '00:00')).toISOString(),
      end: new Date(newYorkTimeMs(to, '23:59:59')).toISOString(),
      adjustment: 'raw',
      limit: rowsPerPage,
    };
    for await (const { url, page } of pages(source, { path: '/v2/stocks/bars', query, schema: alpacaBarsSchema })) {
      for (const [symbol, rows] of Object.entries(page.bars ?? {})) {
        if (!symbols.includes(symbol)) throw unreadable({ http: source.http, url }, `bars.${symbol}: never asked for`);
        const known = given.get(symbol) ?? [];
        for (const { t, o, h, l, c, v } of rows)
          known.push({ startMs: t, open: o, high: h, low: l, close: c, volume: v });
        given.set(symbol, known);
      }
    }
  }
  return historicalBars(request, 'raw', given);
}

async function actions(source: Source, { symbols, range }: SymbolsRequest): Promise<readonly CorporateAction[]> {
  const found: CorporateAction[] = [];
  for (const group of groups(symbols)) {
    const query = {
      symbols: group.join(','),
      start: addDays(range.from, -processedBeforeDays),
      end: addDays(range.to, processedAfterDays),
      limit: actionsPerPage,
    };
    const question = { path: '/v1/corporate-actions', query, schema: alpacaActionsSchema };
    for await (const { page } of pages(source, question)) {
      const told = corporateActionsOf(page.corporate_actions);
      found.push(...told.filter(({ exDate }) => exDate >= range.from && exDate <= range.to));
    }
  }
  return found;
}

async function* quotes(source: Source, request: EventsRequest): AsyncGenerator<readonly Quote[]> {
  const question = { path: '/v2/stocks/quotes', query: eventsQuery(request), schema: alpacaQuotesSchema };
  for await (const { page } of pages(source, question)) {
    const receivedMs = Date.now();
    yield (page.quotes?.[request.symbol] ?? [])
      .filter(({ t }) => t < request.toMs)
      .map((quote) => {
        const shares = quote.t < sharesFromMs ? roundLotShares : 1;
        return {
          kind: 'quote',
          symbol: request.symbol,
          venueMs: quote.t,
          receivedMs,
          bid: quote.bp,
          bidSize: quote.bs * shares,
          ask: quote.ap,
          askSize: quote.as * shares,
          // As the stream tells it.
          exchange: `${quote.bx}/${quote.ax}`,
          updateId: null,
        };
      });
  }
}

async function* trades(source: Source, request: EventsRequest): AsyncGenerator<readonly Trade[]> {
  const question = { path: '/v2/stocks/trades', query: eventsQuery(request), schema: alpacaTradesSchema };
  for await (const { page } of pages(source, question)) {
    const receivedMs = Date.now();
    const printed = page.trades?.[request.symbol] ?? [];
    const standing = printed.filter(({ t, u }) => t < request.toMs && u !== 'canceled' && u !== 'incorrect');
    yield standing.map((trade) => ({
      kind: 'trade',
      symbol: request.symbol,
      venueMs: trade.t,
      receivedMs,
      price: trade.p,
      size: trade.s,
      exchange: trade.x,
      // What is printed off the tapes has the letters of Nasdaq's plan.
      conditions: saleConditionsOfLetters(trade.c ?? [], trade.z === 'A' || trade.z === 'B' ? trade.z : 'C'),
      tradeId: String(trade.i),
    }));
  }
}

async function assets(http: VendorHttp, tradingUrl: string): Promise<readonly Instrument[]> {
  const url = new URL('/v2/assets?asset_class=us_equity', tradingUrl);
  const listed = await ask(http, url, alpacaAssetsSchema);
  return listed.map(({ symbol, name, exchange, status }) => ({ symbol, name, exchange, active: status === 'active' }));
}

interface Question<Page> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Page>;
}

interface Paged<Page> {
  readonly url: URL;
  readonly page: Page;
}

async function* pages<Page extends { readonly next_page_token: string | null }>(
  { http, base, feed }: Source,
  { path, query, schema }: Question<Page>,
): AsyncGenerator<Paged<Page>> {
  const isOfFeed = path.startsWith('/v2/stocks/');
  yield* pagesOf({
    http,
    urlOf: (token) => {
      const url = new URL(path, base);
      const all = {
        ...query,
        ...(isOfFeed && { feed }),
        sort: 'asc',
        ...(token !== undefined && { page_token: token }),
      };
      for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
      return url;
    },
    read: async (url) => ({ url, page: await ask(http, url, schema) }),
    nextOf: ({ page }) => page.next_page_token,
  });
}

function eventsQuery({ symbol, fromMs, toMs }: EventsRequest): Readonly<Record<string, string>> {
  // Both ends of Alpaca's interval are inclusive; what lies at our end is taken off afterwards.
  return {
    symbols: symbol,
    start: new Date(fromMs).toISOString(),
    end: new Date(toMs).toISOString(),
    limit: rowsPerPage,
  };
}

function groups(symbols: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(symbols.length / symbolsPerQuestion) }, (_, index) =>
    symbols.slice(index * symbolsPerQuestion, (index + 1) * symbolsPerQuestion),
  );
}

function refusalWords(text: string): string | undefined {
  try {
    const body = alpacaErrorSchema.safeParse(JSON.parse(text));
    return body.success ? body.data.message : undefined;
  } catch {
    return undefined;
  }
}
