import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MarketEvent } from '#domain/marketEvents.ts';

/** Figures of live feeds, by `feed`. */
export interface FeedMetrics {
  /**
   * Seconds from the venue's stamp to our clock, by `kind`. Clocks differ: what falls under 0 proves that ours is behind.
   */
  readonly latencySeconds: Histogram<'feed' | 'kind'>;
  readonly events: Counter<'feed' | 'kind'>;
  /** Repeated events dropped, late ones told as such, unreadable frames, connections lost, gaps filled and not filled. */
  readonly incidents: Counter<'feed' | 'incident'>;
  /** Upper bound of how far our clock is ahead of the venue's, seconds. */
  readonly clockAheadMaxSeconds: Gauge<'feed'>;
  /** Events given up for a consumer: `conflated` quotes and `lost` events. */
  readonly givenUp: Gauge<'feed' | 'consumer' | 'how'>;
  readonly staleSymbols: Gauge<'feed'>;
}

/** Incidents that are counted. */
export type FeedIncident = 'repeated' | 'late' | 'unreadable' | 'connectionLost' | 'gapFilled' | 'gapOpen';

/** Makes the figures of live feeds in a registry. */
export function createFeedMetrics(registry: Registry): FeedMetrics {
  const registers = [registry];
  return {
    latencySeconds: new Histogram({
      name: 'plimsoll_feed_latency_seconds',
      help: "Seconds from the venue's stamp to our clock",
      labelNames: ['feed', 'kind'],
      buckets: [0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 60, 900],
      registers,
    }),
    events: new Counter({
      name: 'plimsoll_feed_events_total',
      help: 'Events handed on',
      labelNames: ['feed', 'kind'],
      registers,
    }),
    incidents: new Counter({
      name: 'plimsoll_feed_incidents_total',
      help: 'What a feed had to cope with',
      labelNames: ['feed', 'incident'],
      registers,
    }),
    clockAheadMaxSeconds: new Gauge({
      name: 'plimsoll_feed_clock_ahead_max_seconds',
      help: "Upper bound of our clock minus the venue's",
      labelNames: ['feed'],
      registers,
    }),
    givenUp: new Gauge({
      name: 'plimsoll_feed_given_up',
      help: 'Quotes conflated and events lost for a consumer that fell behind',
      labelNames: ['feed', 'consumer', 'how'],
      registers,
    }),
    staleSymbols: new Gauge({
      name: 'plimsoll_feed_stale_symbols',
      help: 'Symbols silent for too long',
      labelNames: ['feed'],
      registers,
    }),
  };
}

/** Observes one event that came in live. */
export function observeEvent(metrics: FeedMetrics, feed: string, event: MarketEvent): void {
  metrics.events.inc({ feed, kind: event.kind });
  if (event.venueMs === null) return;
  metrics.latencySeconds.observe({ feed, kind: event.kind }, (event.receivedMs - event.venueMs) / 1_000);
}
