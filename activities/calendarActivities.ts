import { isSession, nextSession } from '#domain/calendar.ts';
import { lastClosedSession } from '#domain/closedSession.ts';
import type { Broker } from '#activities/ports/broker.ts';
import type { Ledger } from '#activities/ports/ledger.ts';

/** Questions about sessions, asked of an account's venue and its clock. */
export interface CalendarActivities {
  /** The last session that has closed at the account's venue. */
  lastClosedSession(account: string): Promise<string>;
  /** The session the account should trade now; undefined when there is none. */
  dueSession(account: string): Promise<string | undefined>;
}

/** What questions about sessions need of the world. */
export interface CalendarWorld {
  readonly ledger: Ledger;
  readonly brokerOf: (account: string) => Broker;
}

/** The calendar's activities over a world. */
export function createCalendarActivities({ brokerOf, ledger }: CalendarWorld): CalendarActivities {
  return {
    lastClosedSession: async (account) => lastClosedSession(await brokerOf(account).clock()),

    async dueSession(account) {
      const { session, phase } = await brokerOf(account).clock();
      // A venue that has closed for the day is asked for its next session.
      const due = phase === 'closed' || !isSession(session) ? nextSession(session) : session;
      const traded = (await ledger.sessions(account)).some((known) => known.session === due && known.closed);
      return traded ? undefined : due;
    },
  };
}
