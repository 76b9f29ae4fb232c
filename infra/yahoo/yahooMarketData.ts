import type {
  BarsRequest,
  HistoricalBars,
  MarketDataProvider,
  Timeframe,
} from '#activities/ports/marketDataProvider.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import type { RateAllowance } from '../http/ratePlan.ts';
import { VendorHttp } from '../http/vendorHttp.ts';
import type { VendorLimits } from '../http/vendorHttp.ts';
import { historicalBars } from '../providers/barColumns.ts';
import type { VendorBar } from '../providers/barColumns.ts';
import { yahooChart, yahooHeaders } from './yahooChart.ts';

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
    headers: yahooHeaders,
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
    const rows = await yahooChart(http, base, {
      symbol,
      interval: intervals[request.timeframe],
      fromMs: newYorkTimeMs(request.range.from, '00:00'),
      toMs: newYorkTimeMs(request.range.to, '23:59:59'),
    });
    if (rows) given.set(symbol, rows);
  }
  return historicalBars(request, 'splitAdjusted', given);
}
