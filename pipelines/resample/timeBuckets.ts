import { isSession } from '#domain/calendar.ts';
import { newYorkDate } from '#domain/newYorkTime.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { tradingHours, type SessionState } from '#domain/tradingHours.ts';

/** A stretch of a session that one bar covers; it never reaches over an open or a close. */
export interface TimeBucket {
  readonly session: SessionDate;
  readonly state: Exclude<SessionState, 'closed'>;
  readonly startMs: number;
  readonly endMs: number;
}

/** Finds the bucket of an instant; undefined while the exchange is closed. */
export type BucketOf = (atMs: number) => TimeBucket | undefined;

/**
 * Buckets of a length, counted from the beginning of pre-market, regular trading and after hours: an hour's first bar of
 * regular trading is 09:30 to 10:30 New York time, its last 15:30 to 16:00.
 * @param lengthMs length of a bucket, or `session` for one over the whole of each state
 */
export function timeBuckets(lengthMs: number | 'session'): BucketOf {
  // Bars come in the order of time, so the bucket of the one before answers nearly always.
  let last: TimeBucket | undefined;
  return (atMs) => {
    if (last && atMs >= last.startMs && atMs < last.endMs) return last;
    const stretch = stretchOf(atMs);
    if (!stretch) return undefined;
    const length = lengthMs === 'session' ? stretch.endMs - stretch.startMs : lengthMs;
    const startMs = stretch.startMs + Math.floor((atMs - stretch.startMs) / length) * length;
    last = { ...stretch, startMs, endMs: Math.min(startMs + length, stretch.endMs) };
    return last;
  };
}

/** The state that an instant lies in, from its beginning to its end. */
function stretchOf(atMs: number): TimeBucket | undefined {
  const session = newYorkDate(atMs);
  if (!isSession(session)) return undefined;
  const { preMarketMs, openMs, closeMs, afterHoursEndMs } = tradingHours(session);
  if (atMs < preMarketMs || atMs >= afterHoursEndMs) return undefined;
  if (atMs < openMs) return { session, state: 'preMarket', startMs: preMarketMs, endMs: openMs };
  if (atMs < closeMs) return { session, state: 'regular', startMs: openMs, endMs: closeMs };
  return { session, state: 'afterHours', startMs: closeMs, endMs: afterHoursEndMs };
}
