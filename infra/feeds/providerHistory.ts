import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import type { EventHistory, HistoryRequest } from '#activities/ports/marketFeed.ts';
import type { MarketBar, MarketEvent } from '#domain/marketEvents.ts';
import { newYorkDate } from '#domain/newYorkTime.ts';

const minuteMs = 60_000;

/** What bounds an answer of history. */
export interface HistoryBounds {
  /** Events of a stretch at most; one that had more stays open, for what waits behind it would outgrow our memory. */
  readonly eventsMax: number;
}

/**
 * A vendor's past as the filler of gaps asks for it: quotes, trades and bars of a minute from the vendor's own record of
 * the same feed, whose identities are those of its stream.
 */
export function providerHistory(provider: MarketDataProvider, { eventsMax }: HistoryBounds): EventHistory {
  return async (request) => {
    const found: MarketEvent[] = [];
    for (const kind of request.kinds) {
      for await (const page of pagesOf(provider, { ...request, kind })) {
        request.signal.throwIfAborted();
        // The vendor's interval has no end of its own; ours is inclusive.
        for (const event of page)
          if (event.venueMs! >= request.fromMs && event.venueMs! <= request.toMs) found.push(event);
        if (found.length > eventsMax) throw new Error(`history has more than ${eventsMax} events`);
      }
    }
    return found;
  };
}

interface KindRequest extends HistoryRequest {
  readonly kind: HistoryRequest['kinds'][number];
}

function pagesOf(
  provider: MarketDataProvider,
  { kind, symbol, fromMs, toMs }: KindRequest,
): AsyncIterable<readonly MarketEvent[]> {
  const stretch = { symbol, fromMs, toMs: toMs + 1 };
  if (kind === 'quotes' && provider.quotes) return provider.quotes(stretch);
  if (kind === 'trades' && provider.trades) return provider.trades(stretch);
  if (kind === 'bars' && provider.historicalBars) return minuteBars(provider, stretch);
  throw new Error(`${provider.name} has no history of ${kind}`);
}

async function* minuteBars(
  provider: MarketDataProvider,
  { symbol, fromMs, toMs }: { readonly symbol: string; readonly fromMs: number; readonly toMs: number },
): AsyncGenerator<readonly MarketBar[]> {
  const range = { from: newYorkDate(fromMs - minuteMs), to: newYorkDate(toMs) };
  const answer = await provider.historicalBars!({ symbols: [symbol], range, timeframe: '1Min' });
  const [bars] = answer.kind === 'intraday' ? answer.bars : [];
  if (!bars) return;
  const receivedMs = Date.now();
  yield Array.from(bars.startMs, (startMs, row) => ({
    kind: 'bar' as const,
    symbol,
    startMs,
    lengthMs: minuteMs,
    open: bars.open[row]!,
    high: bars.high[row]!,
    low: bars.low[row]!,
    close: bars.close[row]!,
    volume: bars.volume[row]!,
    venueMs: startMs + minuteMs,
    receivedMs,
  }));
}
