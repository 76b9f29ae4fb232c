import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import { createAlpacaMarketData } from '../alpaca/alpacaMarketData.ts';
import { alpacaStream } from '../alpaca/alpacaStream.ts';
import type { Settings } from '../configuration/schema.ts';
import { createIbkrMarketData } from '../ibkr/ibkrMarketData.ts';
import { ibkrStream } from '../ibkr/ibkrStream.ts';
import { createMassiveMarketData } from '../massive/massiveMarketData.ts';
import { massiveStream } from '../massive/massiveStream.ts';
import { rateAllowance } from '../providers/rateAllowance.ts';
import { yahooPolling } from '../yahoo/yahooPolling.ts';
import type { LiveFeedRules } from './liveFeedRules.ts';
import type { VendorStream } from './vendorConnection.ts';

/** Live feeds: `alpaca` is the free one of one exchange, `alpaca-sip` that of all. */
export const feedNames = ['alpaca', 'alpaca-sip', 'massive', 'yahoo', 'ibkr'] as const;

/** Name of a live feed. */
export type FeedName = (typeof feedNames)[number];

/** Where a stream is made. */
export interface StreamPlace {
  readonly settings: Settings['data'];
  /** Address of the stream, where it is not the vendor's own; of TWS `tws://HOST:PORT`. */
  readonly url?: string;
}

/** A key that a feed needs. */
export interface FeedKey {
  /** Place below `data.providers`. */
  readonly key: string;
  readonly value: string | null;
  /** The vendor's own variable, which counts where the settings have none. */
  readonly vendorVariable: string;
}

/** A vendor's stream with what belongs to it. */
export interface RecordedStream {
  readonly stream: VendorStream;
  /** The vendor's record of what its stream told; null where it keeps none. */
  readonly record: MarketDataProvider | null;
  /** Where a vendor's record is too slow for the settings. */
  readonly gaps?: Partial<LiveFeedRules['gaps']>;
  readonly close?: () => Promise<void>;
}

/** How a feed is made. */
export interface FeedStream {
  readonly keys: (providers: Settings['data']['providers']) => readonly FeedKey[];
  /** Opens no connection. @param keys in the order of `keys` */
  readonly create: (place: StreamPlace, keys: readonly string[]) => RecordedStream;
}

// A thousand ticks a question, sixty questions in ten minutes.
const ibkrGapTimeoutMs = 300_000;

/** Every live feed. */
export const feedStreams: Readonly<Record<FeedName, FeedStream>> = {
  alpaca: alpaca('iex'),
  'alpaca-sip': alpaca('sip'),
  massive: {
    keys: ({ massive: { apiKey } }) => [{ key: 'massive.apiKey', value: apiKey, vendorVariable: 'MASSIVE_API_KEY' }],
    create: (place, [apiKey = '']) => {
      const { url, requestsPerMinute } = place.settings.providers.massive;
      const allowance = rateAllowance(requestsPerMinute);
      return {
        stream: massiveStream({ baseUrl: place.url ?? 'wss://socket.massive.com', apiKey }),
        record: createMassiveMarketData({ url, apiKey, allowance, limits: limitsOf(place) }),
      };
    },
  },
  yahoo: {
    keys: () => [],
    create: ({ settings: { providers, feed }, url }) => {
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
  },
  ibkr: {
    // TWS holds the login.
    keys: () => [],
    create: ({ settings: { feed, providers }, url }) => {
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
  },
};

function alpaca(feed: 'iex' | 'sip'): FeedStream {
  return {
    keys: ({ alpaca: { keyId, secretKey } }) => [
      { key: 'alpaca.keyId', value: keyId, vendorVariable: 'APCA_API_KEY_ID' },
      { key: 'alpaca.secretKey', value: secretKey, vendorVariable: 'APCA_API_SECRET_KEY' },
    ],
    create: (place, [keyId = '', secretKey = '']) => {
      const { dataUrl, tradingUrl, requestsPerMinute } = place.settings.providers.alpaca;
      const credentials = { keyId, secretKey };
      const allowance = rateAllowance(requestsPerMinute);
      const baseUrl = place.url ?? 'wss://stream.data.alpaca.markets';
      return {
        stream: alpacaStream({ baseUrl, plan: feed, credentials }),
        record: createAlpacaMarketData({ credentials, dataUrl, tradingUrl, feed, allowance, limits: limitsOf(place) }),
      };
    },
  };
}

/** A question that nobody waits for any more is not asked on. */
function limitsOf({ settings: { feed } }: StreamPlace): { readonly totalTimeoutMs: number } {
  return { totalTimeoutMs: feed.gaps.timeoutMs };
}
