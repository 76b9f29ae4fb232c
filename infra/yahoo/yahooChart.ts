import { Failure } from '#domain/failure.ts';
import { ask, unreadable } from '../http/vendorAnswer.ts';
import type { AnswerOrigin } from '../http/vendorAnswer.ts';
import type { VendorHttp } from '../http/vendorHttp.ts';
import type { VendorBar } from '../providers/barColumns.ts';
import { yahooChartSchema } from './yahooWire.ts';
import type { YahooChart } from './yahooWire.ts';

/** Which bars of a symbol. */
export interface ChartQuestion {
  readonly symbol: string;
  /** Yahoo's word for the length of a bar, e.g. `1m`. */
  readonly interval: string;
  /** Both ends, milliseconds since 1970 UTC. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Sent with every question: without a browser's name Yahoo answers 429 to everybody. */
export const yahooHeaders: Readonly<Record<string, string>> = { 'user-agent': 'Mozilla/5.0 (compatible; Plimsoll)' };

/** A symbol as Yahoo writes it: share classes after a hyphen. */
export function yahooSymbol(symbol: string): string {
  return symbol.replaceAll('.', '-');
}

/**
 * The rows of a symbol's chart in its regular sessions, a figure that is not told being NaN; undefined for a symbol that
 * Yahoo does not know.
 * @throws Failure PROVIDER_ANSWER_UNREADABLE for another length, another currency or uneven columns, and what `ask` throws
 */
export async function yahooChart(
  http: VendorHttp,
  base: string,
  { symbol, interval, fromMs, toMs }: ChartQuestion,
): Promise<readonly VendorBar[] | undefined> {
  const url = new URL(`/v8/finance/chart/${encodeURIComponent(yahooSymbol(symbol))}`, base);
  const query = {
    period1: seconds(fromMs),
    period2: seconds(toMs),
    interval,
    includePrePost: 'false',
    events: 'div|split',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const chart = await chartAt({ http, url });
  return chart && rowsOf({ http, url }, chart, interval);
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
