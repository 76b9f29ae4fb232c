import { setTimeout as delay } from 'node:timers/promises';
import type { FeedRequest, FeedSubscription, MarketFeed } from '#activities/ports/marketFeed.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';
import { FeedHub } from './feedHub.ts';

/** What is replayed, and how fast. */
export interface ReplayOptions {
  readonly name: string;
  /** In the order of arrival. */
  readonly events: AsyncIterable<MarketEvent>;
  /** Times the speed at which events came in; `max` waits for nothing but its consumers. */
  readonly speed: number | 'max';
  /** The clock and the waiting of this machine; a test gives its own. */
  readonly pace?: Pace;
}

/** How a replay tells time and waits. */
export interface Pace {
  readonly nowMs: () => number;
  readonly waitMs: (ms: number, signal: AbortSignal) => Promise<void>;
}

const machinePace: Pace = {
  nowMs: () => performance.now(),
  waitMs: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
};

// A timer is no more exact than the first and takes no more than the second.
const [timerMsMin, timerMsMax] = [1, 2 ** 31 - 1];

/**
 * Recorded events through the interface of a live feed, unchanged and in their order whatever the speed. It ends its
 * consumers' streams after the last event, or with the error that reading met.
 * @throws RangeError for a speed that is not over 0
 */
export function createReplayFeed(options: ReplayOptions): MarketFeed {
  if (options.speed !== 'max' && !(options.speed > 0)) throw new RangeError(`no speed: ${options.speed}`);
  const hub = new FeedHub();
  const stop = new AbortController();
  let run: Promise<void> | undefined;
  return {
    name: options.name,
    subscribe: (request: FeedRequest): FeedSubscription => hub.subscribe(request),
    start: () => {
      run ??= replay(options, { hub, signal: stop.signal }).then(
        () => hub.end(null),
        (error: unknown) => hub.end(error as Error),
      );
      return Promise.resolve();
    },
    close: async () => {
      stop.abort();
      hub.end(null);
      await run;
    },
  };
}

async function replay(
  { events, speed, pace = machinePace }: ReplayOptions,
  { hub, signal }: { readonly hub: FeedHub; readonly signal: AbortSignal },
): Promise<void> {
  let origin: { readonly receivedMs: number; readonly beganMs: number } | undefined;
  for await (const event of events) {
    if (speed !== 'max') {
      origin ??= { receivedMs: event.receivedMs, beganMs: pace.nowMs() };
      const dueMs = origin.beganMs + (event.receivedMs - origin.receivedMs) / speed;
      await waitUntil(dueMs, { pace, signal });
    }
    if (hub.isFull) await hub.room();
    if (signal.aborted) return;
    hub.publish(event, event.receivedMs);
  }
}

async function waitUntil(
  dueMs: number,
  { pace, signal }: { readonly pace: Pace; readonly signal: AbortSignal },
): Promise<void> {
  for (let aheadMs = dueMs - pace.nowMs(); aheadMs >= timerMsMin && !signal.aborted; aheadMs = dueMs - pace.nowMs()) {
    await pace.waitMs(Math.min(aheadMs, timerMsMax), signal);
  }
}
