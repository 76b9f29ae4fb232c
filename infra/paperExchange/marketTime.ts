import type { MarketPhase } from '#activities/ports/broker.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';

/** Where an account's replay stands. */
export interface MarketTime {
  readonly session: SessionDate;
  readonly phase: MarketPhase;
}

/** Phases of a session in their order. */
export const marketPhases: readonly MarketPhase[] = ['beforeOpen', 'open', 'closed'];

// Daily bars do not tell half days, so each session is printed with the regular hours.
const wallTimes: Readonly<Record<MarketPhase, string>> = { beforeOpen: '09:00', open: '09:30', closed: '16:00' };

/** The instant that a phase of a session stands for, milliseconds since 1970 UTC: 9:00, 9:30 or 16:00 in New York. */
export function marketTimeMs(time: MarketTime): number {
  return newYorkTimeMs(time.session, wallTimes[time.phase]);
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
