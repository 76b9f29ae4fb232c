import type { DailyBars } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { withActions } from '#domain/withActions.ts';
import { grossReturn } from '#pipelines/corporateActions/totalReturn.ts';
import type {
  BenchmarkBars,
  MarketDataProvider,
  SessionRange,
  SymbolsRequest,
} from '#activities/ports/marketDataProvider.ts';

/** What a dataset holds. */
export interface IngestUniverse {
  /** None: every instrument of the provider. */
  readonly symbols: readonly string[];
  /** Stands for the benchmark where the provider has none of its own. */
  readonly benchmarkSymbol: string;
  readonly firstSession: SessionDate;
}

/** What a provider said of a universe. */
export interface FetchedDailyBars {
  readonly bars: readonly DailyBars[];
  readonly benchmark: BenchmarkBars;
}

/** What is fetched of a universe: the whole of it, or a part, and who is told how far it is. */
export interface DailyFetch {
  readonly range: SessionRange;
  readonly progress?: (text: string) => void;
}

// Often enough to be told, seldom enough that a vendor's pages are full.
const symbolsPerStep = 25;

/**
 * Daily bars of a universe, with splits and dividends where the provider tells them, and its benchmark.
 * @throws Failure PROVIDER_BARS_MISSING when some symbol has no bar in the whole, and what the provider throws
 */
export async function fetchDailyBars(
  provider: MarketDataProvider,
  universe: IngestUniverse,
  { range, progress }: DailyFetch,
): Promise<FetchedDailyBars> {
  const symbols = universe.symbols.length > 0 ? universe.symbols : await everySymbol(provider);
  const steps: DailyAnswer[] = [];
  for (let first = 0; first < symbols.length; first += symbolsPerStep) {
    steps.push(await dailyBars(provider, { symbols: symbols.slice(first, first + symbolsPerStep), range }));
    progress?.(`${Math.min(first + symbolsPerStep, symbols.length)} of ${symbols.length} symbols`);
  }
  const bars = steps.flatMap((step) => step.bars);
  const withoutBars = steps.flatMap((step) => step.withoutBars);
  // A part may lie after a delisting or before a listing; of the whole, a symbol without bars is a mistake.
  if (range.from <= universe.firstSession) requireBars(provider, withoutBars);
  if (provider.benchmark) return { bars, benchmark: await provider.benchmark(range) };
  // Its level is chained from the first session on, so that it does not depend on the range.
  const whole = { from: universe.firstSession, to: range.to };
  const found = await dailyBars(provider, { symbols: [universe.benchmarkSymbol], range: whole });
  requireBars(provider, found.withoutBars);
  return { bars, benchmark: from(range.from, totalReturnBenchmark(found.bars[0]!)) };
}

function requireBars(provider: MarketDataProvider, withoutBars: readonly string[]): void {
  if (withoutBars.length === 0) return;
  throw new Failure('PROVIDER_BARS_MISSING', `${provider.name} has no bars of ${withoutBars.join(', ')}`, {
    provider: provider.name,
    symbols: withoutBars,
  });
}

async function everySymbol(provider: MarketDataProvider): Promise<readonly string[]> {
  if (!provider.instruments) throw lacks(provider, 'a list of instruments');
  return (await provider.instruments()).map(({ symbol }) => symbol);
}

interface DailyAnswer {
  readonly bars: readonly DailyBars[];
  readonly withoutBars: readonly string[];
}

async function dailyBars(provider: MarketDataProvider, request: SymbolsRequest): Promise<DailyAnswer> {
  const answer = await provider.historicalBars?.({ ...request, timeframe: '1Day' });
  if (answer?.kind !== 'daily') throw lacks(provider, 'daily bars');
  const { bars, scale, withoutBars } = answer;
  if (scale !== 'raw' || bars.every(({ actions }) => actions)) return { bars, withoutBars };
  // Raw prices without their splits would be read as crashes.
  if (!provider.corporateActions) throw lacks(provider, 'the splits and dividends that its raw prices need');
  const actions = await provider.corporateActions(request);
  return { bars: bars.map((one) => withActions(one, actions)), withoutBars };
}

/** A symbol as a benchmark: what a dollar held in it became, on the scale of its first close. */
function totalReturnBenchmark(bars: DailyBars): BenchmarkBars {
  const { sessions, close, adjustedClose, actions, symbol } = bars;
  const source = sessions.map(() => `${symbol} total return`);
  if (!actions) return { sessions, close: adjustedClose, source };
  const level = new Float64Array(close.length);
  // Forward, so that the level of a session never changes by what comes later.
  for (let row = 0; row < level.length; row += 1) {
    level[row] = row === 0 ? close[0]! : level[row - 1]! * grossReturn({ close, actions }, row);
  }
  return { sessions, close: level, source };
}

function from(first: SessionDate, { sessions, close, source }: BenchmarkBars): BenchmarkBars {
  const row = sessions.filter((session) => session < first).length;
  return { sessions: sessions.slice(row), close: close.slice(row), source: source.slice(row) };
}

function lacks({ name }: MarketDataProvider, what: string): Failure {
  return new Failure('PROVIDER_CAPABILITY_MISSING', `${name} does not give ${what}`, { provider: name });
}
