import type { MarketEvent, Quote } from '#domain/marketEvents.ts';
import { openRecording } from '#infra/feeds/openRecording.ts';
import type { BarRow } from '#pipelines/features/barFields.ts';
import { EventBars, type EventBarTerms } from '#pipelines/features/eventBars.ts';

/** What prices and traders did, interval by interval. */
export interface TradedIntervals {
  readonly symbol: string;
  /** Whether prices are middles of quotes, or of the last trades where there are no quotes. */
  readonly prices: 'middles' | 'trades';
  /** Shape [intervals], dollars the price moved. */
  readonly changes: readonly number[];
  /** Shape [intervals], shares bought less shares sold. */
  readonly signedVolumes: readonly number[];
  /** Mean quoted spread at the intervals' ends, a fraction; undefined without quotes. */
  readonly quotedSpreadFraction: number | undefined;
}

/**
 * Intervals of recorded trades and quotes, symbol by symbol. A quote of one side leaves the other as it was. The first
 * interval has no change and is none.
 * @throws Failure FILE_UNREADABLE, RECORDING_UNREADABLE
 */
export async function tradedIntervals(
  paths: readonly string[],
  terms: EventBarTerms,
): Promise<readonly TradedIntervals[]> {
  const bySymbol = new Map<string, SymbolTape>();
  let lastMs = Number.NEGATIVE_INFINITY;
  for await (const event of (await openRecording(paths)).events) {
    const known = bySymbol.get(event.symbol);
    const tape = known ?? { bars: new EventBars(terms), rows: [], quote: undefined };
    if (!known) bySymbol.set(event.symbol, tape);
    const row = tape.bars.take(completed(event, tape));
    if (row) tape.rows.push(row);
    lastMs = Math.max(lastMs, event.receivedMs);
  }
  return [...bySymbol].map(([symbol, { bars, rows }]) => {
    // An interval that was under way when the recording ended is none.
    const last = bars.endBy(lastMs);
    return intervalsOf(symbol, last ? [...rows, last] : rows);
  });
}

interface SymbolTape {
  readonly bars: EventBars;
  readonly rows: BarRow[];
  quote: Quote | undefined;
}

function completed(event: MarketEvent, tape: SymbolTape): MarketEvent {
  if (event.kind !== 'quote') return event;
  const { quote: before } = tape;
  const whole: Quote = {
    ...event,
    ...(event.bid === 0 && before && { bid: before.bid, bidSize: before.bidSize }),
    ...(event.ask === 0 && before && { ask: before.ask, askSize: before.askSize }),
  };
  tape.quote = whole;
  return whole;
}

function intervalsOf(symbol: string, rows: readonly BarRow[]): TradedIntervals {
  const quoted = rows.map(({ figures }) => figures.spread!).filter(Number.isFinite);
  const byMiddle = quoted.length > 0;
  const moves = rows.map(({ figures }, at) => ({
    change: byMiddle ? figures.midChange! : figures.close! - (rows[at - 1]?.figures.close ?? Number.NaN),
    signedVolume: figures.buyVolume! - figures.sellVolume!,
  }));
  const told = moves.filter(({ change }) => Number.isFinite(change));
  return {
    symbol,
    prices: byMiddle ? 'middles' : 'trades',
    changes: told.map(({ change }) => change),
    signedVolumes: told.map(({ signedVolume }) => signedVolume),
    quotedSpreadFraction: byMiddle ? quoted.reduce((sum, one) => sum + one, 0) / quoted.length : undefined,
  };
}
