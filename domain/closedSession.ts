import { isSession, previousSession } from './calendar.ts';
import type { SessionDate } from './sessionDate.ts';

/**
 * The last session that has closed, by a venue's own clock.
 * @param clock the session the clock stands in and its phase, as the venue tells them
 */
export function lastClosedSession(clock: {
  readonly session: SessionDate;
  readonly phase: 'beforeOpen' | 'open' | 'closed';
}): SessionDate {
  const { session, phase } = clock;
  return phase === 'closed' && isSession(session) ? session : previousSession(session);
}
