import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import type { FeedKind, MarketFeed } from '#activities/ports/marketFeed.ts';
import { Failure } from '#domain/failure.ts';
import { createAlpacaMarketData } from '../alpaca/alpacaMarketData.ts';
import { alpacaStream } from '../alpaca/alpacaStream.ts';
import { variableOf } from '../configuration/environmentKeys.ts';
import type { Settings } from '../configuration/schema.ts';
import { createMassiveMarketData } from '../massive/massiveMarketData.ts';
import { createIbkrMarketData } from '../ibkr/ibkrMarketData.ts';
import { ibkrStream } from '../ibkr/ibkrStream.ts';
import { massiveStream } from '../massive/massiveStream.ts';
import { rateAllowance } from '../providers/rateAllowance.ts';
import { yahooPolling } from '../yahoo/yahooPolling.ts';
import type { FeedMetrics } from './feedMetrics.ts';
import { createLiveFeed } from './liveFeed.ts';
import { liveFeedRules, type LiveFeedRules } from './liveFeedRules.ts';
import { providerHistory } from './providerHistory.ts';
import type { VendorStream } from './vendorConnection.ts';

/** Live feeds: `alpaca` is the free one of one exchange, `alpaca-sip` that of all. */
export const feedNames = ['alpaca', 'alpaca-sip', 'massive', 'yahoo', 'ibkr'] as const;

/** Name of a live feed. */
export type FeedName = (typeof feedNames)[number];

/** What a feed is opened with. */
export interface FeedParts {
  readonly settings: Settings['data'];
  /** The vendors' own variables of keys count where the settings have none. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Address of the stream, where it is not the vendor's own; of TWS `tws://HOST:PORT`. */
  readonly url?: string;
  readonly metrics: FeedMetrics;
}

/** A feed with what it carries; closing it closes its history too. */
export interface OpenedFeed {
  readonly feed: MarketFeed;
  readonly kinds: readonly FeedKind[];
  close(): Promise<void>;
}

/**
 * A live feed by its name, its gaps filled from the same vendor's record of the same feed.
 * @throws Failure FEED_KEY_MISSING when neither the settings nor the environment have its key
 */
export function openFeed(name: FeedName, parts: FeedParts): OpenedFeed {
  const { stream, record, gaps, close: closeStream } = streams[name](parts);
  const given = liveFeedRules(parts.settings.feed);
  const rules = { ...given, gaps: { ...given.gaps, ...gaps } };
  const feed = createLiveFeed({
    protocol: stream,
    rules,
    history: record ? providerHistory(record, { eventsMax: rules.heldEventsMax }) : null,
    metrics: parts.metrics,
    nowMs: Date.now,
    random: Math.random,
  });
  const close = async (): Promise<void> => {
    await feed.close();
    await record?.close?.();
    await closeStream?.();
  };
  return { feed, kinds: stream.kinds, close };
}

// A thousand ticks a question, sixty questions in ten minutes.
const ibkrGapTimeoutMs = 300_000;

interface RecordedStream {
  readonly stream: VendorStream;
  /** The vendor's record of what its stream told; null where it keeps none. */
  readonly record: MarketDataProvider | null;
  /** Where a vendor's record is too slow for the settings. */
  readonly gaps?: Partial<LiveFeedRules['gaps']>;
  readonly close?: () => Promise<void>;
}

const streams: Readonly<Record<FeedName, (parts: FeedParts) => RecordedStream>> = {
  alpaca: (parts) => alpaca(parts, 'iex'),
  'alpaca-sip': (parts) => alpaca(parts, 'sip'),
  massive: (parts) => {
    const { massive } = parts.settings.providers;
    const apiKey = keyOf(parts, { key: 'massive.apiKey', value: massive.apiKey, variable: 'MASSIVE_API_KEY' });
    const allowance = rateAllowance(massive.requestsPerMinute);
    return {
      stream: massiveStream({ baseUrl: parts.url ?? 'wss://socket.massive.com', apiKey }),
      record: createMassiveMarketData({ url: massive.url, apiKey, allowance, limits: limitsOf(parts) }),
    };
  },
  ibkr: ({ settings: { feed, providers }, url }) => {
    const { clientId, ...ours } = providers.ibkr;
    const given = url === undefined ? undefined : new URL(url);
    const address = given ? { host: given.hostname, port: Number(given.port) || ours.port } : ours;
    return {
      // Each connection needs an id of its own; a download uses the first.
      stream: ibkrStream({ ...address, clientId: clientId + 1 }),
      record: createIbkrMarketData({ ...address, clientId: clientId + 2 }),
      gaps: { timeoutMs: Math.max(feed.gaps.timeoutMs, ibkrGapTimeoutMs), concurrency: 1 },
    };
  },
  yahoo: ({ settings: { providers, feed }, url }) => {
    const { url: usual, cookieUrl, requestsPerMinute } = providers.yahoo;
    const stream = yahooPolling({
      url: url ?? usual,
      cookieUrl,
      allowance: rateAllowance(requestsPerMinute),
      pollIntervalMs: feed.pollIntervalMs,
      questionTimeoutMs: feed.connection.connectTimeoutMs,
    });
    return { stream, record: null, close: () => stream.close() };
  },
};

function alpaca(parts: FeedParts, feed: 'iex' | 'sip'): RecordedStream {
  const { keyId, secretKey, dataUrl, tradingUrl, requestsPerMinute } = parts.settings.providers.alpaca;
  const credentials = {
    keyId: keyOf(parts, { key: 'alpaca.keyId', value: keyId, variable: 'APCA_API_KEY_ID' }),
    secretKey: keyOf(parts, { key: 'alpaca.secretKey', value: secretKey, variable: 'APCA_API_SECRET_KEY' }),
  };
  const allowance = rateAllowance(requestsPerMinute);
  return {
    stream: alpacaStream({ baseUrl: parts.url ?? 'wss://stream.data.alpaca.markets', plan: feed, credentials }),
    record: createAlpacaMarketData({ credentials, dataUrl, tradingUrl, feed, allowance, limits: limitsOf(parts) }),
  };
}

/** A question that nobody waits for any more is not asked on. */
function limitsOf({ settings: { feed } }: FeedParts): { readonly totalTimeoutMs: number } {
  return { totalTimeoutMs: feed.gaps.timeoutMs };
}

interface Key {
  /** Place below `data.providers`. */
  readonly key: string;
  readonly value: string | null;
  /** The vendor's own variable. */
  readonly variable: string;
}

function keyOf({ environment }: FeedParts, { key, value, variable }: Key): string {
  const found = value ?? environment[variable];
  if (found) return found;
  const ours = variableOf(`data.providers.${key}`.split('.'));
  throw new Failure('FEED_KEY_MISSING', `the feed needs data.providers.${key}: set ${ours} or ${variable}`, {
    key: `data.providers.${key}`,
    variable,
  });
}
