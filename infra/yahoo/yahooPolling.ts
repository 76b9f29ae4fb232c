import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '#domain/failure.ts';
import type { MarketEvent, Quote } from '#domain/marketEvents.ts';
import type { ConnectionEnd, Opening, OwnConnections } from '../feeds/vendorConnection.ts';
import type { Wanted } from '../feeds/vendorProtocol.ts';
import type { RateAllowance } from '../http/ratePlan.ts';
import { VendorHttp } from '../http/vendorHttp.ts';
import { yahooHeaders } from './yahooChart.ts';
import { YahooMinutes } from './yahooMinutes.ts';
import { YahooQuotes } from './yahooQuotes.ts';

/** How Yahoo is polled. */
export interface YahooPollingOptions {
  readonly url: string;
  readonly cookieUrl: string;
  readonly allowance: RateAllowance;
  /** From the end of one round of questions to the next. */
  readonly pollIntervalMs: number;
  /** Limit of one question. */
  readonly questionTimeoutMs: number;
}

/** A polled stream; closing it closes idle connections. */
export interface YahooPolling extends OwnConnections {
  close(): Promise<void>;
}

/**
 * Yahoo as a live feed: best bids and offers when they change, and bars of a minute once they are over. It has neither
 * single trades nor depth. A question that fails ends the connection, so that the feed's own back-off governs the next.
 */
export function yahooPolling(options: YahooPollingOptions): YahooPolling {
  const { url, cookieUrl, allowance, pollIntervalMs, questionTimeoutMs } = options;
  const limits = { attemptsMax: 1, attemptTimeoutMs: questionTimeoutMs, totalTimeoutMs: questionTimeoutMs };
  const http = new VendorHttp({ provider: 'yahoo', headers: yahooHeaders, allowance, limits });
  const quotes = new YahooQuotes({ http, url, cookieUrl, cookieTimeoutMs: questionTimeoutMs });
  // What was told of bars outlives a connection: the next one begins where the last one ended.
  const minutes = new YahooMinutes(http, url);
  return {
    name: 'yahoo',
    kinds: ['quotes', 'bars'],
    connect: (opening) => poll({ quotes, minutes, pollIntervalMs }, opening),
    close: () => http.close(),
  };
}

interface Sources {
  readonly quotes: YahooQuotes;
  readonly minutes: YahooMinutes;
  readonly pollIntervalMs: number;
}

function poll(sources: Sources, opening: Opening): ReturnType<OwnConnections['connect']> {
  const stop = new AbortController();
  const stopped = new Promise<readonly MarketEvent[]>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve([]), { once: true });
  });
  let { wanted } = opening;
  let ended: string | undefined;
  const rounds = async (): Promise<ConnectionEnd> => {
    const standing = new Map<string, string>();
    let liveFor: Wanted | undefined;
    while (!stop.signal.aborted) {
      const now = wanted;
      // Whoever ends the feed does not wait for the rest of a round.
      const events = await Promise.race([roundOf(now, { sources, opening, standing, signal: stop.signal }), stopped]);
      if (stop.signal.aborted) break;
      if (liveFor !== now) opening.listener.live();
      liveFor = now;
      if (events.length > 0) opening.listener.events(events);
      await delay(sources.pollIntervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    return { reason: ended ?? 'ended', again: 'soon' };
  };
  return {
    ended: rounds().catch((error: unknown) => endOf(error)),
    change: (next) => {
      wanted = next;
    },
    end: (reason) => {
      ended = reason;
      stop.abort();
    },
  };
}

interface Round {
  readonly sources: Sources;
  readonly opening: Opening;
  /** The quote that stands, by symbol: what did not change is no event. */
  readonly standing: Map<string, string>;
  readonly signal: AbortSignal;
}

async function roundOf(
  { symbols, kinds }: Wanted,
  { sources: { quotes, minutes }, opening: { nowMs }, standing, signal }: Round,
): Promise<readonly MarketEvent[]> {
  const events: MarketEvent[] = [];
  if (kinds.includes('quotes') && symbols.length > 0) {
    for (const quote of await quotes.ask(symbols, nowMs)) {
      const text = textOf(quote);
      if (standing.get(quote.symbol) !== text) events.push(quote);
      standing.set(quote.symbol, text);
    }
  }
  for (const symbol of kinds.includes('bars') ? symbols : []) {
    if (!signal.aborted) events.push(...(await minutes.ask(symbol, nowMs)));
  }
  return events;
}

function textOf({ bid, bidSize, ask, askSize }: Quote): string {
  return [bid, bidSize, ask, askSize].join('|');
}

/** A refusal of what was asked is final; a pass that is taken no longer is replaced; a plan that is used up wants time. */
function endOf(error: unknown): ConnectionEnd {
  const reason = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Failure)) return { reason, again: 'soon' };
  if (error.code === 'PROVIDER_REFUSED') return { reason, again: 'never' };
  return { reason, again: error.code === 'PROVIDER_RATE_LIMITED' ? 'slowly' : 'soon' };
}
