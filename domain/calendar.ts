import { addDays, closingHour, firstKnownYear, isHoliday, weekdayOf } from './exchangeHolidays.ts';
import { newYorkTimeMs } from './newYorkTime.ts';
import { sessionDate, type SessionDate } from './sessionDate.ts';

// Sessions of the New York Stock Exchange (XNYS): 09:30 to 16:00 New York time, from 1990.
const opensAt = '09:30';

/**
 * Whether the exchange trades on a date.
 * @throws RangeError before 1990, which this calendar does not know
 */
export function isSession(date: SessionDate): boolean {
  if (Number(date.slice(0, 4)) < firstKnownYear)
    throw new RangeError(`the calendar begins in ${firstKnownYear}: ${date}`);
  const weekday = weekdayOf(date);
  return weekday !== 0 && weekday !== 6 && !isHoliday(date);
}

/** The first session after a date. */
export function nextSession(date: SessionDate): SessionDate {
  return seek(date, 1);
}

/** The last session before a date. */
export function previousSession(date: SessionDate): SessionDate {
  return seek(date, -1);
}

/** Sessions from a date to another, both inclusive, oldest first. */
export function sessionsBetween(from: SessionDate, to: SessionDate): readonly SessionDate[] {
  const sessions: SessionDate[] = [];
  for (let date = from; date <= to; date = sessionDate(addDays(date, 1))) if (isSession(date)) sessions.push(date);
  return sessions;
}

/**
 * Instant at which a session opens, milliseconds since 1970 UTC.
 * @throws RangeError when the exchange does not trade on the date
 */
export function openMs(session: SessionDate): number {
  return newYorkTimeMs(traded(session), opensAt);
}

/**
 * Instant at which a session closes, milliseconds since 1970 UTC; earlier on the eves the exchange shortens.
 * @throws RangeError when the exchange does not trade on the date
 */
export function closeMs(session: SessionDate): number {
  return newYorkTimeMs(traded(session), `${closingHour(session)}:00`);
}

function traded(session: SessionDate): SessionDate {
  if (!isSession(session)) throw new RangeError(`${session} is no session of the exchange`);
  return session;
}

function seek(from: SessionDate, step: 1 | -1): SessionDate {
  let date = sessionDate(addDays(from, step));
  while (!isSession(date)) date = sessionDate(addDays(date, step));
  return date;
}
