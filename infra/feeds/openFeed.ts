import type { FeedKind, MarketFeed } from '#activities/ports/marketFeed.ts';
import { Failure } from '#domain/failure.ts';
import { variableOf } from '../configuration/environmentKeys.ts';
import type { FeedMetrics } from './feedMetrics.ts';
import { feedStreams, type FeedKey, type FeedName, type StreamPlace } from './feedStreams.ts';
import { createLiveFeed } from './liveFeed.ts';
import { liveFeedRules } from './liveFeedRules.ts';
import { providerHistory } from './providerHistory.ts';

/** What a feed is opened with. */
export interface FeedParts extends StreamPlace {
  /** The vendors' own variables of keys count where the settings have none. */
  readonly environment: Readonly<Record<string, string | undefined>>;
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
  const keys = feedStreams[name].keys(parts.settings.providers).map((key) => valueOf(key, parts.environment));
  const { stream, record, gaps, close: closeStream } = feedStreams[name].create(parts, keys);
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

/** What people are told of a live feed. */
export interface DescribedFeed {
  readonly name: FeedName;
  readonly kinds: readonly FeedKind[];
  /** Where its gaps are filled from; null where they stay open. */
  readonly gapsFilledFrom: string | null;
  /** Keys it needs, each with the two variables that can give it and whether one does; never its value. */
  readonly credentials: readonly {
    readonly key: string;
    readonly variable: string;
    readonly vendorVariable: string;
    readonly isSet: boolean;
  }[];
  readonly isConfigured: boolean;
}

/** A feed, with what it carries and what it lacks. */
export function describeFeed(
  name: FeedName,
  { settings, environment }: Pick<FeedParts, 'settings' | 'environment'>,
): DescribedFeed {
  const { stream, record } = feedStreams[name].create({ settings }, []);
  const credentials = feedStreams[name].keys(settings.providers).map(({ key, value, vendorVariable }) => ({
    key: `data.providers.${key}`,
    variable: variableOf(`data.providers.${key}`.split('.')),
    vendorVariable,
    isSet: Boolean(value ?? environment[vendorVariable]),
  }));
  return {
    name,
    kinds: stream.kinds,
    gapsFilledFrom: record?.origin ?? null,
    credentials,
    isConfigured: credentials.every(({ isSet }) => isSet),
  };
}

function valueOf(
  { key, value, vendorVariable }: FeedKey,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const found = value ?? environment[vendorVariable];
  if (found) return found;
  const ours = variableOf(`data.providers.${key}`.split('.'));
  const message = `the feed needs data.providers.${key}: set ${ours} or ${vendorVariable}`;
  throw new Failure('FEED_KEY_MISSING', message, { key: `data.providers.${key}`, variable: vendorVariable });
}
