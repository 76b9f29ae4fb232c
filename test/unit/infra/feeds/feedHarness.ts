import { Registry } from 'prom-client';
import type { EventHistory, FeedRequest, FeedSubscription, MarketFeed } from '#activities/ports/marketFeed.ts';
import type { FeedEvent } from '#domain/feedNotices.ts';
import { createFeedMetrics } from '#infra/feeds/feedMetrics.ts';
import { createLiveFeed } from '#infra/feeds/liveFeed.ts';
import type { LiveFeedRules } from '#infra/feeds/liveFeedRules.ts';
import type { VendorStream } from '#infra/feeds/vendorConnection.ts';

/** Rules for tests: everything sooner, and silence counts at any hour. */
export const quickRules: LiveFeedRules = {
  connection: { connectTimeoutMs: 5_000, liveTimeoutMs: 5_000, pingIntervalMs: 40, silenceMaxMs: 400 },
  backOff: { baseMs: 20, capMs: 200 },
  failuresMax: 100,
  sequence: { reorderWindowMs: 30, rememberedMax: 1_000 },
  gaps: { overlapMs: 1_000, settleMs: 20, timeoutMs: 2_000, attemptsMax: 3, retryMs: 20, concurrency: 2 },
  heldEventsMax: 1_000,
  silence: { silenceMaxMs: 60_000, expects: () => true },
  checkIntervalMs: 20,
  clockWindowMs: 60_000,
};

/** A live feed with one consumer that keeps all it was handed. */
export interface HeardFeed {
  readonly feed: MarketFeed;
  readonly subscription: FeedSubscription;
  readonly heard: readonly FeedEvent[];
  /** Settles when the consumer's stream ends, with the error it ended with. */
  readonly ended: Promise<Error | null>;
  readonly registry: Registry;
  /** Ids of the trades handed on, in their order. */
  readonly tradeIds: () => readonly string[];
  readonly ofKind: <Kind extends FeedEvent['kind']>(kind: Kind) => readonly Extract<FeedEvent, { kind: Kind }>[];
}

/** Makes a feed and begins to listen; it is started by the test. */
export function hear(
  protocol: VendorStream,
  given: {
    readonly rules?: Partial<LiveFeedRules>;
    readonly history?: EventHistory;
    readonly request?: Partial<FeedRequest>;
    /** This machine's clock unless given. */
    readonly nowMs?: () => number;
  },
): HeardFeed {
  const registry = new Registry();
  const feed = createLiveFeed({
    protocol,
    rules: { ...quickRules, ...given.rules },
    history: given.history ?? null,
    metrics: createFeedMetrics(registry),
    nowMs: given.nowMs ?? (() => Date.now()),
    random: () => 0.5,
  });
  const heard: FeedEvent[] = [];
  const subscription = feed.subscribe({
    consumer: 'test',
    symbols: ['AAPL'],
    kinds: ['trades', 'quotes', 'bars'],
    quotes: 'every',
    queueEventsMax: 10_000,
    ...given.request,
  });
  const listening = async (): Promise<null> => {
    for await (const event of subscription) heard.push(event);
    return null;
  };
  const ofKind: HeardFeed['ofKind'] = (kind) =>
    heard.filter((event): event is Extract<FeedEvent, { kind: typeof kind }> => event.kind === kind);
  return {
    feed,
    subscription,
    heard,
    ended: listening().catch((error: unknown) => error as Error),
    registry,
    tradeIds: () => ofKind('trade').map(({ tradeId }) => tradeId ?? ''),
    ofKind,
  };
}
