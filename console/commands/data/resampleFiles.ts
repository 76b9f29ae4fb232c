import { Failure } from '#domain/failure.ts';
import type { StampedBars } from '#domain/intradayBars.ts';
import type { Trade } from '#domain/marketEvents.ts';
import { readIntradayFile } from '#infra/fileDrop/intradayFile.ts';
import { readLeanIntraday } from '#infra/lean/leanIntraday.ts';
import { barsFromTrades, type TradeBar } from '#pipelines/resample/barsFromTrades.ts';
import { missingBars, type MissingStretch } from '#pipelines/resample/missingBars.ts';
import { placedBars } from '#pipelines/resample/placedBars.ts';
import { resampleBars, type ResampledBar } from '#pipelines/resample/resampleBars.ts';
import { stampConvention, type StampConvention } from '#pipelines/resample/stampConvention.ts';
import { timeBuckets } from '#pipelines/resample/timeBuckets.ts';

/** What a person says about stamps; `auto` lets them speak for themselves. */
export type StampChoice = StampConvention | 'auto';

/** How files are to be resampled. */
export interface ResampleRequest {
  readonly to: number | 'session';
  readonly stamps: StampChoice;
  /** Symbol of the CSV files; absent: what their names begin with. */
  readonly symbol?: string;
}

/** The new bars of one symbol. */
export interface ResampledSymbol {
  readonly symbol: string;
  /** What the stamps given meant; `trade` where trades were given. */
  readonly stamps: StampConvention | 'trade';
  /** Bars or trades given. */
  readonly given: number;
  /** Trades that the vendor calls suspicious: they are in no bar. */
  readonly suspicious: number;
  readonly bars: readonly (ResampledBar | TradeBar)[];
  readonly missing: readonly MissingStretch[];
  readonly outsideHoursMs: readonly number[];
}

/**
 * Longer bars of files: CSV by `readIntradayFile`, zip by `readLeanIntraday`; files of one symbol are one history.
 * @throws Failure STAMPS_AMBIGUOUS, BARS_UNJOINABLE, BARS_UNREADABLE, FILE_UNREADABLE
 */
export async function resampleFiles(
  paths: readonly string[],
  request: ResampleRequest,
): Promise<readonly ResampledSymbol[]> {
  const parts = { csv: new Parts<BarDay>(), lean: new Parts<BarDay>(), trades: new Parts<TradeDay>() };
  for (const path of paths) {
    if (!/\.zip$/i.test(path)) {
      const bars = await readIntradayFile(path, request.symbol);
      parts.csv.add({ symbol: bars.symbol, bars });
      continue;
    }
    const day = await readLeanIntraday(path);
    if (day.kind === 'bars') parts.lean.add(day);
    else parts.trades.add(day);
  }
  return [
    ...parts.csv.bySymbol().map((days) => ofBars(days, request)),
    ...parts.lean.bySymbol().map((days) => ofBars(days, { ...request, stamps: 'start' })),
    ...parts.trades.bySymbol().map((days) => ofTrades(days, request.to)),
  ];
}

interface BarDay {
  readonly symbol: string;
  /** Absent where the file does not tell it. */
  readonly lengthMs?: number;
  readonly bars: StampedBars;
}

interface TradeDay {
  readonly symbol: string;
  readonly trades: readonly Trade[];
  readonly suspicious: number;
}

/** Parts of histories, by symbol. */
class Parts<Part extends { readonly symbol: string }> {
  private readonly known = new Map<string, Part[]>();

  add(part: Part): void {
    const known = this.known.get(part.symbol);
    if (known) known.push(part);
    else this.known.set(part.symbol, [part]);
  }

  bySymbol(): readonly (readonly Part[])[] {
    return [...this.known.values()];
  }
}

function ofBars(days: readonly BarDay[], { to, stamps }: ResampleRequest): ResampledSymbol {
  const whole = joinedDays(days.map(({ bars }) => bars));
  const [lengthMs, ...others] = new Set(days.map((day) => day.lengthMs));
  const { symbol, stampMs } = whole;
  const convention = stamps === 'auto' ? stampConvention(stampMs) : stamps;
  if (!convention) {
    throw new Failure(
      'STAMPS_AMBIGUOUS',
      `${symbol}: the stamps fit the beginning of bars as well as their end, or neither`,
      { symbol },
    );
  }
  const { bars, report } = unjoinableTold(symbol, () => {
    if (others.length > 0) throw new RangeError('its files hold bars of different lengths');
    const bars = placedBars(whole, convention, lengthMs);
    return { bars, report: resampleBars(bars, to) };
  });
  return {
    symbol,
    stamps: convention,
    given: stampMs.length,
    suspicious: 0,
    bars: report.resampled,
    missing: missingBars(bars),
    outsideHoursMs: report.outsideHoursMs,
  };
}

function ofTrades(days: readonly TradeDay[], to: number | 'session'): ResampledSymbol {
  const trades = days
    .toSorted((a, b) => (a.trades[0]?.venueMs ?? 0) - (b.trades[0]?.venueMs ?? 0))
    .flatMap((day) => day.trades);
  const symbol = days[0]!.symbol;
  const bars = unjoinableTold(symbol, () => [...barsFromTrades(trades, to)]);
  const bucketOf = timeBuckets(to);
  const minutes = unjoinableTold(symbol, () => [...barsFromTrades(trades, minuteMs)]);
  return {
    symbol,
    stamps: 'trade',
    given: trades.length,
    suspicious: days.reduce((sum, day) => sum + day.suspicious, 0),
    bars,
    missing: missingBars({ lengthMs: minuteMs, startMs: Float64Array.from(minutes, ({ startMs }) => startMs) }),
    outsideHoursMs: trades.flatMap(({ venueMs }) => (venueMs !== null && !bucketOf(venueMs) ? [venueMs] : [])),
  };
}

const minuteMs = 60_000;

function joinedDays(days: readonly StampedBars[]): StampedBars {
  const sorted = days.toSorted((a, b) => (a.stampMs[0] ?? 0) - (b.stampMs[0] ?? 0));
  const column = (name: Exclude<keyof StampedBars, 'symbol'>): Float64Array =>
    Float64Array.from(sorted.flatMap((day) => [...day[name]]));
  return {
    symbol: sorted[0]!.symbol,
    stampMs: column('stampMs'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  };
}

function unjoinableTold<Result>(symbol: string, join: () => Result): Result {
  try {
    return join();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure('BARS_UNJOINABLE', `${symbol}: ${error.message}`, { symbol }, { cause: error });
  }
}
