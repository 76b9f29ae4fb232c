import { addDays, closingHour, firstKnownYear, isHoliday, nthWeekday, weekdayOf } from './exchangeHolidays.ts';
import { sessionDate, type SessionDate } from './sessionDate.ts';

// Sessions of the New York Stock Exchange (XNYS): 09:30 to 16:00 New York time, from 1990.
const hourMs = 3_600_000;
const openingLocalMs = 9.5 * hourMs;

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
  return midnightMs(traded(session)) + openingLocalMs;
}

/**
 * Instant at which a session closes, milliseconds since 1970 UTC; earlier on the eves the exchange shortens.
 * @throws RangeError when the exchange does not trade on the date
 */
export function closeMs(session: SessionDate): number {
  return midnightMs(traded(session)) + closingHour(session) * hourMs;
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

/** UTC instant of a time of day 00:00 New York standard or daylight time, as it applies in trading hours. */
function midnightMs(date: SessionDate): number {
  return Date.parse(`${date}T00:00:00Z`) + (isDaylightTime(date) ? 4 : 5) * hourMs;
}

/** US daylight saving in trading hours: Energy Policy Act of 2005 since 2007, Uniform Time Act as amended before. */
function isDaylightTime(date: SessionDate): boolean {
  const year = Number(date.slice(0, 4));
  const starts = year >= 2007 ? nthWeekday(`${year}-03`, 0, 2) : nthWeekday(`${year}-04`, 0, 1);
  const ends = year >= 2007 ? nthWeekday(`${year}-11`, 0, 1) : lastSundayOfOctober(year);
  return date >= starts && date < ends;
}

function lastSundayOfOctober(year: number): string {
  return addDays(nthWeekday(`${year}-11`, 0, 1), -7);
}
