import { newYorkDate } from '#domain/newYorkTime.ts';
import { isSession } from '#domain/calendar.ts';
import type { IntradayBars } from '#domain/intradayBars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { tradingHours } from '#domain/tradingHours.ts';

/** A stretch of regular trading without a bar. */
export interface MissingStretch {
  readonly session: SessionDate;
  readonly startMs: number;
  readonly endMs: number;
}

const minuteMs = 60_000;

/**
 * Stretches of regular trading for which there is no bar, in the sessions that have any: nothing traded, or data is
 * missing. Shorter bars are looked for by the minute, longer ones by their own length.
 */
export function missingBars({
  startMs,
  lengthMs,
}: Pick<IntradayBars, 'startMs' | 'lengthMs'>): readonly MissingStretch[] {
  const stepMs = Math.max(lengthMs, minuteMs);
  const sessions = new Set<SessionDate>();
  const present = new Set<number>();
  for (const atMs of startMs) {
    const session = newYorkDate(atMs);
    if (!isSession(session)) continue;
    sessions.add(session);
    const { openMs } = tradingHours(session);
    present.add(openMs + Math.floor((atMs - openMs) / stepMs) * stepMs);
  }
  const missing: MissingStretch[] = [];
  for (const session of sessions) {
    const { openMs, closeMs } = tradingHours(session);
    for (let at = openMs; at < closeMs; at += stepMs) {
      if (present.has(at)) continue;
      const before = missing.at(-1);
      const endMs = Math.min(at + stepMs, closeMs);
      if (before?.endMs === at) missing[missing.length - 1] = { ...before, endMs };
      else missing.push({ session, startMs: at, endMs });
    }
  }
  return missing;
}
