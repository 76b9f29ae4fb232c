import { timeBuckets, type BucketOf } from '../resample/timeBuckets.ts';

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

/** Lengths of bars that features may be of, shortest first; `1d` is a session's regular trading. */
export const timeframes = ['1m', '5m', '15m', '30m', '1h', '1d'] as const;

/** One of the lengths. */
export type Timeframe = (typeof timeframes)[number];

/** `XNYS`: regular trading of the New York exchanges; `continuous`: around the clock, days in UTC. */
export type Market = 'XNYS' | 'continuous';

const lengthsMs: Readonly<Record<Timeframe, number>> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '30m': 30 * minuteMs,
  '1h': 60 * minuteMs,
  '1d': dayMs,
};

/** A stretch of time that one bar covers. */
export interface BarSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** Length of a timeframe's bars in milliseconds; a day's is nominal. */
export function timeframeMs(timeframe: Timeframe): number {
  return lengthsMs[timeframe];
}

/**
 * Finds the bar that an instant belongs to. Bars never reach over an open or a close, so the last one before an early
 * close is shorter, and a day ends when its session does; undefined outside regular trading.
 */
export function barSpans(market: Market, timeframe: Timeframe): (atMs: number) => BarSpan | undefined {
  const lengthMs = lengthsMs[timeframe];
  if (market === 'continuous') {
    return (atMs) => {
      const startMs = Math.floor(atMs / lengthMs) * lengthMs;
      return { startMs, endMs: startMs + lengthMs };
    };
  }
  const bucketOf: BucketOf = timeBuckets(timeframe === '1d' ? 'session' : lengthMs);
  return (atMs) => {
    const bucket = bucketOf(atMs);
    return bucket?.state === 'regular' ? bucket : undefined;
  };
}
