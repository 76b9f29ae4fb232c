import type {
  BarsRequest,
  HistoricalBars,
  MarketDataProvider,
  Timeframe,
} from '#activities/ports/marketDataProvider.ts';
import { Failure } from '#domain/failure.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import type { RateAllowance } from '../http/ratePlan.ts';
import { ask, unreadable } from '../http/vendorAnswer.ts';
import type { AnswerOrigin } from '../http/vendorAnswer.ts';
import { VendorHttp } from '../http/vendorHttp.ts';
import type { VendorLimits } from '../http/vendorHttp.ts';
import { historicalBars } from '../providers/barColumns.ts';
import type { VendorBar } from '../providers/barColumns.ts';
import { yahooChartSchema } from './yahooWire.ts';
import type { YahooChart } from './yahooWire.ts';

/** How to reach Yahoo's chart. */
export interface YahooOptions {
  readonly url: string;
  readonly allowance: RateAllowance;
  readonly limits?: Partial<VendorLimits>;
  readonly signal?: AbortSignal;
}

const intervals: Readonly<Record<Timeframe, string>> = {
  '1Min': '1m',
  '5Min': '5m',
  '15Min': '15m',
  '30Min': '30m',
  '1Hour': '60m',
  '1Day': '1d',
};

/**
 * Yahoo's chart: bars with later splits already taken back, and the vendor's adjusted close. It tells no raw prices, so
 * actions are not passed on: dividends, too, are on the scale of today.
 */
export function createYahooMarketData({ url, allowance, limits, signal }: YahooOptions): MarketDataProvider {
  const http = new VendorHttp({
    provider: 'yahoo',
    // Without a browser's name it answers 429 to everybody.
    headers: { 'user-agent': 'Mozilla/5.0 (compatible; Plimsoll)' },
    allowance,
    ...(limits && { limits }),
    ...(signal && { signal }),
  });
  return {
    name: 'yahoo',
    origin: 'Yahoo Finance chart, prices adjusted for splits by the vendor; for personal use, without a warranty.',
    timeframes: ['1Min', '5Min', '15Min', '30Min', '1Hour', '1Day'],
    historicalBars: (request) => bars(http, url, request),
    close: () => http.close(),
  };
}

async function bars(http: VendorHttp, base: string, request: BarsRequest): Promise<HistoricalBars> {
  const given = new Map<string, readonly VendorBar[]>();
  for (const symbol of request.symbols) {
    // Yahoo writes share classes with a hyphen.
    const url = new URL(`/v8/finance/chart/${encodeURIComponent(symbol.replaceAll('.', '-'))}`, base);
    const query = {
      period1: seconds(newYorkTimeMs(request.range.from, '00:00')),
      period2: seconds(newYorkTimeMs(request.range.to, '23:59:59')),
      interval: intervals[request.timeframe],
      includePrePost: 'false',
      events: 'div|split',
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const chart = await chartAt({ http, url });
    if (chart) given.set(symbol, rowsOf({ http, url }, chart, intervals[request.timeframe]));
  }
  return historicalBars(request, 'splitAdjusted', given);
}

async function chartAt(origin: AnswerOrigin): Promise<YahooChart | undefined> {
  let answer;
  try {
    answer = await ask(origin.http, origin.url, yahooChartSchema);
  } catch (error) {
    // An unknown or delisted symbol is 404: it has no bars, which the answer names.
    if (error instanceof Failure && error.code === 'PROVIDER_REFUSED' && error.message.includes('status 404')) {
      return undefined;
    }
    throw error;
  }
  const { result, error } = answer.chart;
  if (error) {
    throw origin.http.failure('PROVIDER_REFUSED', origin.url, { problem: `${error.code}: ${error.description}` });
  }
  return result?.[0];
}

function rowsOf(origin: AnswerOrigin, chart: YahooChart, interval: string): readonly VendorBar[] {
  const { meta, timestamp = [], indicators } = chart;
  // Asked for a length it will not give for so long ago, Yahoo answers with a longer one.
  if (meta.dataGranularity !== interval && !(interval === '60m' && meta.dataGranularity === '1h')) {
    throw unreadable(origin, `meta.dataGranularity: ${meta.dataGranularity} in place of ${interval}`);
  }
  if (meta.currency !== 'USD') throw unreadable(origin, `meta.currency: ${meta.currency ?? 'none'} in place of USD`);
  const { open = [], high = [], low = [], close = [], volume = [] } = indicators.quote[0]!;
  const adjusted = indicators.adjclose?.[0]?.adjclose;
  for (const [name, column] of Object.entries({ open, high, low, close, volume, adjclose: adjusted ?? timestamp })) {
    if (column.length !== timestamp.length) {
      throw unreadable(origin, `indicators ${name}: ${column.length} figures for ${timestamp.length} timestamps`);
    }
  }
  const figure = (value: number | null | undefined): number => value ?? Number.NaN;
  return timestamp.map((at, row) => ({
    startMs: at * 1_000,
    open: figure(open[row]),
    high: figure(high[row]),
    low: figure(low[row]),
    close: figure(close[row]),
    volume: figure(volume[row]),
    ...(adjusted && { adjustedClose: figure(adjusted[row]) }),
  }));
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1_000));
}
