import type { MarketPhase } from '#activities/ports/broker.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { closeMs, openMs } from '#domain/calendar.ts';

/** Where an account's replay stands. */
export interface MarketTime {
  readonly session: SessionDate;
  readonly phase: MarketPhase;
}

/** Phases of a session in their order. */
export const marketPhases: readonly MarketPhase[] = ['beforeOpen', 'open', 'closed'];

const beforeOpenMs = 30 * 60_000;

/**
 * The instant that a phase of a session stands for, milliseconds since 1970 UTC: half an hour before the open, the open
 * or the close by the exchange's calendar, half days included.
 * @throws RangeError when the exchange does not trade on the date
 */
export function marketTimeMs({ session, phase }: MarketTime): number {
  if (phase === 'closed') return closeMs(session);
  return openMs(session) - (phase === 'beforeOpen' ? beforeOpenMs : 0);
}

/** Below 0 when `a` comes before `b`, 0 when they are one. */
export function compareMarketTimes(a: MarketTime, b: MarketTime): number {
  if (a.session !== b.session) return a.session < b.session ? -1 : 1;
  return marketPhases.indexOf(a.phase) - marketPhases.indexOf(b.phase);
}

/**
 * The phase that follows: the next of the session, or before the open of the next recorded session.
 * @returns undefined after the last recorded session's close
 */
export function nextMarketTime(time: MarketTime, sessions: readonly SessionDate[]): MarketTime | undefined {
  const phase = marketPhases[marketPhases.indexOf(time.phase) + 1];
  if (phase !== undefined) return { session: time.session, phase };
  const session = sessionAfter(time.session, sessions);
  return session === undefined ? undefined : { session, phase: 'beforeOpen' };
}

/** The recorded session after one, or undefined after the last. */
export function sessionAfter(session: SessionDate, sessions: readonly SessionDate[]): SessionDate | undefined {
  return sessions[sessions.indexOf(session) + 1];
}
