import { setTimeout as delay } from 'node:timers/promises';
import type { EventHistory, FeedRequest, FeedSubscription, MarketFeed } from '#activities/ports/marketFeed.ts';
import { backOffMs } from '#domain/backOff.ts';
import { Failure } from '#domain/failure.ts';
import { FeedHub } from './feedHub.ts';
import type { FeedMetrics } from './feedMetrics.ts';
import { LiveEvents } from './liveEvents.ts';
import type { LiveFeedRules } from './liveFeedRules.ts';
import { connectVendor, type ConnectionEnd, type VendorConnection, type VendorStream } from './vendorConnection.ts';
import type { Wanted } from './vendorProtocol.ts';

/** What a live feed is made of. */
export interface LiveFeedOptions {
  readonly protocol: VendorStream;
  readonly rules: LiveFeedRules;
  /** Where gaps are filled from; null leaves them open, and says so. */
  readonly history: EventHistory | null;
  readonly metrics: FeedMetrics;
  /** Our clock, milliseconds since 1970 UTC. */
  readonly nowMs: () => number;
  /** In [0, 1), for the jitter of attempts. */
  readonly random: () => number;
}

/** A live feed over a vendor's stream: it reconnects, subscribes again, fills gaps, and keeps every symbol in order. */
export function createLiveFeed(options: LiveFeedOptions): MarketFeed {
  return new LiveFeed(options);
}

class LiveFeed implements MarketFeed {
  readonly name: string;
  readonly #options: LiveFeedOptions;
  readonly #hub = new FeedHub();
  readonly #events: LiveEvents;
  readonly #stop = new AbortController();
  #connection: VendorConnection | undefined;
  #run: Promise<void> | undefined;
  #wanted = '';

  constructor(options: LiveFeedOptions) {
    this.#options = options;
    this.name = options.protocol.name;
    this.#events = new LiveEvents({ ...options, name: this.name, hub: this.#hub });
  }

  subscribe(request: FeedRequest): FeedSubscription {
    const { kinds } = this.#options.protocol;
    const missing = request.kinds.find((kind) => !kinds.includes(kind));
    if (missing !== undefined) {
      throw new Failure('FEED_REFUSED', `${this.name} carries no ${missing}`, { feed: this.name, kind: missing });
    }
    const subscription = this.#hub.subscribe(request);
    if (this.#connection && JSON.stringify(this.#interest()) !== this.#wanted) {
      this.#connection.change(this.#want());
    }
    return subscription;
  }

  async start(): Promise<void> {
    let tellLive = (): void => undefined;
    const live = new Promise<void>((resolve) => {
      tellLive = resolve;
    });
    this.#run ??= this.#keepConnected(tellLive).then(
      () => this.#end(null),
      (error: unknown) => {
        this.#end(error as Error);
        throw error;
      },
    );
    await Promise.race([live, this.#run]);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#connection?.end('we closed it');
    // Whoever listens was told why the feed gave up.
    await this.#run?.catch(() => undefined);
  }

  async #keepConnected(tellLive: () => void): Promise<void> {
    const { rules, random, nowMs } = this.#options;
    const { signal } = this.#stop;
    let failures = 0;
    while (!signal.aborted) {
      let liveMs: number | undefined;
      const end = await this.#connectOnce(() => {
        liveMs ??= nowMs();
        tellLive();
      });
      if (signal.aborted) return;
      this.#events.lost(end.reason);
      if (liveMs !== undefined && nowMs() - liveMs > rules.backOff.capMs) failures = 0;
      failures += 1;
      this.#giveUpAfter(end, failures);
      const waitMs = backOffMs(end.again === 'slowly' ? 32 : failures, rules.backOff, random());
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #connectOnce(onLive: () => void): Promise<ConnectionEnd> {
    const { protocol, rules, nowMs } = this.#options;
    this.#connection = connectVendor(protocol, {
      wanted: this.#want(),
      limits: rules.connection,
      nowMs,
      listener: {
        live: () => {
          this.#events.live(this.#interest());
          onLive();
        },
        events: (events) => this.#events.takeAll(events),
        unreadable: (problem) => this.#events.unreadable(problem),
        down: (reason) => this.#events.lost(reason),
      },
    });
    const end = await this.#connection.ended;
    this.#connection = undefined;
    return end;
  }

  #giveUpAfter({ again, reason }: ConnectionEnd, failures: number): void {
    const { name } = this;
    if (again === 'never') throw new Failure('FEED_REFUSED', `${name} refused us: ${reason}`, { feed: name, reason });
    if (failures < this.#options.rules.failuresMax) return;
    const message = `${name} did not come up in ${failures} attempts: ${reason}`;
    throw new Failure('FEED_UNREACHABLE', message, { feed: name, reason, failures });
  }

  #want(): Wanted {
    const wanted = this.#interest();
    this.#wanted = JSON.stringify(wanted);
    return wanted;
  }

  #interest(): Wanted {
    const { symbols, kinds } = this.#hub.interest();
    return { symbols: [...symbols].sort(), kinds: [...kinds].sort() };
  }

  #end(error: Error | null): void {
    this.#events.close();
    this.#hub.end(error);
  }
}
