import type {
  BarsRequest,
  HistoricalBars,
  Instrument,
  MarketDataProvider,
  SessionRange,
  SymbolsRequest,
  Timeframe,
} from '#activities/ports/marketDataProvider.ts';
import type { CorporateAction } from '#domain/corporateAction.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { stampOfText } from '../files/stampOfText.ts';
import type { RateAllowance } from '../http/ratePlan.ts';
import { ask, unreadable } from '../http/vendorAnswer.ts';
import { VendorHttp } from '../http/vendorHttp.ts';
import type { VendorLimits } from '../http/vendorHttp.ts';
import { historicalBars } from '../providers/barColumns.ts';
import type { VendorBar } from '../providers/barColumns.ts';
import { readListings } from './alphaVantageListings.ts';
import { alphaVantageRefusal } from './alphaVantageRefusal.ts';
import { dailySchema, dividendsSchema, intradaySchema, splitsSchema } from './alphaVantageWire.ts';

/** How to reach Alpha Vantage. */
export interface AlphaVantageOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly allowance: RateAllowance;
  /** Requests a day that the plan allows; null for no bound. */
  readonly requestsPerDay: number | null;
  readonly limits?: Partial<VendorLimits>;
  readonly signal?: AbortSignal;
}

const intervals: Readonly<Record<Exclude<Timeframe, '1Day'>, string>> = {
  '1Min': '1min',
  '5Min': '5min',
  '15Min': '15min',
  '30Min': '30min',
  '1Hour': '60min',
};
// No answer of the vendor is larger: thirty years of sessions, or a month of minutes.
const bodyBytesMax = 16 * 2 ** 20;

/**
 * Alpha Vantage's US stocks: bars as traded, daily ones with their splits, dividends and adjusted close; splits, dividends,
 * and what is or was listed.
 */
export function createAlphaVantageMarketData(options: AlphaVantageOptions): MarketDataProvider {
  const { url, apiKey, allowance, requestsPerDay, limits, signal } = options;
  const terms = { apiKey, againAfterMs: Math.ceil(60_000 / allowance.requestsPerMinute) };
  const http = new VendorHttp({
    provider: 'alphaVantage',
    headers: {},
    allowance,
    ...(requestsPerDay !== null && { requestsPerDay }),
    limits: { bodyBytesMax, ...limits },
    ...(signal && { signal }),
    refusalWords: (text) => text.replaceAll(apiKey, '(the key)'),
    refusedWithin: (text) => alphaVantageRefusal(text, terms),
  });
  const source = { http, base: url, apiKey };
  return {
    name: 'alphaVantage',
    origin: 'Alpha Vantage, prices as traded; use under its terms of service.',
    timeframes: ['1Min', '5Min', '15Min', '30Min', '1Hour', '1Day'],
    historicalBars: (request) => bars(source, request),
    corporateActions: (request) => actions(source, request),
    instruments: () => listings(source),
    close: () => http.close(),
  };
}

interface Source {
  readonly http: VendorHttp;
  readonly base: string;
  readonly apiKey: string;
}

async function bars(source: Source, request: BarsRequest): Promise<HistoricalBars> {
  const given = new Map<string, readonly VendorBar[]>();
  for (const symbol of request.symbols) {
    const { timeframe, range } = request;
    const rows =
      timeframe === '1Day'
        ? await dailyBars(source, symbol)
        : await intradayBars(source, { symbol, range, interval: intervals[timeframe] });
    given.set(
      symbol,
      rows.toSorted((a, b) => a.startMs - b.startMs),
    );
  }
  return historicalBars(request, 'raw', given);
}

async function dailyBars(source: Source, symbol: string): Promise<readonly VendorBar[]> {
  const url = urlOf(source, {
    function: 'TIME_SERIES_DAILY_ADJUSTED',
    symbol: vendorSymbol(symbol),
    outputsize: 'full',
  });
  const answer = await ask(source.http, url, dailySchema);
  holdSymbol({ source, url, symbol, told: answer['Meta Data']['2. Symbol'] });
  return Object.entries(answer['Time Series (Daily)']).map(([date, row]) => ({
    startMs: newYorkTimeMs(sessionDate(date), '00:00'),
    open: row['1. open'],
    high: row['2. high'],
    low: row['3. low'],
    close: row['4. close'],
    volume: row['6. volume'],
    adjustedClose: row['5. adjusted close'],
    actions: { dividend: row['7. dividend amount'], splitRatio: row['8. split coefficient'] },
  }));
}

interface IntradayQuestion {
  readonly symbol: string;
  readonly range: SessionRange;
  readonly interval: string;
}

async function intradayBars(
  source: Source,
  { symbol, range, interval }: IntradayQuestion,
): Promise<readonly VendorBar[]> {
  const rows: VendorBar[] = [];
  for (const month of monthsOf(range)) {
    const url = urlOf(source, {
      function: 'TIME_SERIES_INTRADAY',
      symbol: vendorSymbol(symbol),
      interval,
      month,
      adjusted: 'false',
      extended_hours: 'true',
      outputsize: 'full',
    });
    const answer = await ask(source.http, url, intradaySchema(interval));
    holdSymbol({ source, url, symbol, told: answer.symbol });
    for (const [text, row] of Object.entries(answer.series)) {
      rows.push({
        startMs: stampOfText(text)!,
        open: row['1. open'],
        high: row['2. high'],
        low: row['3. low'],
        close: row['4. close'],
        volume: row['5. volume'],
      });
    }
  }
  return rows;
}

async function actions(source: Source, { symbols, range }: SymbolsRequest): Promise<readonly CorporateAction[]> {
  const found: CorporateAction[] = [];
  for (const symbol of symbols) {
    const splitsUrl = urlOf(source, { function: 'SPLITS', symbol: vendorSymbol(symbol) });
    const splits = await ask(source.http, splitsUrl, splitsSchema);
    holdSymbol({ source, url: splitsUrl, symbol, told: splits.symbol });
    for (const { effective_date: exDate, split_factor: ratio } of splits.data) {
      found.push({ kind: 'split', symbol, exDate, ratio });
    }
    const dividendsUrl = urlOf(source, { function: 'DIVIDENDS', symbol: vendorSymbol(symbol) });
    const dividends = await ask(source.http, dividendsUrl, dividendsSchema);
    holdSymbol({ source, url: dividendsUrl, symbol, told: dividends.symbol });
    for (const { ex_dividend_date: exDate, amount } of dividends.data) {
      // Announced without a date: no session has it yet.
      if (exDate !== 'None') found.push({ kind: 'cashDividend', symbol, exDate, amount });
    }
  }
  return found.filter(({ exDate }) => exDate >= range.from && exDate <= range.to);
}

async function listings(source: Source): Promise<readonly Instrument[]> {
  const found: Instrument[] = [];
  for (const state of ['active', 'delisted']) {
    const url = urlOf(source, { function: 'LISTING_STATUS', state });
    found.push(...readListings({ http: source.http, url }, await source.http.get(url)));
  }
  return found;
}

function urlOf({ base, apiKey }: Source, query: Readonly<Record<string, string>>): URL {
  const url = new URL('/query', base);
  for (const [name, value] of Object.entries({ ...query, apikey: apiKey })) url.searchParams.set(name, value);
  return url;
}

/** Alpha Vantage writes share classes with a hyphen: what follows a point is an exchange abroad. */
function vendorSymbol(symbol: string): string {
  return symbol.replaceAll('.', '-');
}

interface ToldSymbol {
  readonly source: Source;
  readonly url: URL;
  readonly symbol: string;
  readonly told: string;
}

function holdSymbol({ source: { http }, url, symbol, told }: ToldSymbol): void {
  if (told !== vendorSymbol(symbol)) throw unreadable({ http, url }, `symbol: ${told} in place of ${symbol}`);
}

/** Months that hold a session of the range, `YYYY-MM`. */
function monthsOf({ from, to }: SessionRange): readonly string[] {
  const [first, last] = [from, to].map((date) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1);
  return Array.from({ length: last! - first! + 1 }, (_, index) => {
    const month = first! + index;
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
}
