import { addDays, nthWeekday } from './exchangeHolidays.ts';
import { sessionDate, type SessionDate } from './sessionDate.ts';

const hourMs = 3_600_000;
const standardOffsetMs = -5 * hourMs;
const daylightOffsetMs = -4 * hourMs;

/** What New York's clocks are ahead of UTC at an instant, milliseconds: minus five hours, or minus four in summer. */
export function newYorkOffsetMs(atMs: number): number {
  const { beginsMs, endsMs } = daylightTime(new Date(atMs + standardOffsetMs).getUTCFullYear());
  return atMs >= beginsMs && atMs < endsMs ? daylightOffsetMs : standardOffsetMs;
}

/** The date in New York at an instant: the name of the session that runs, ran or would run that day. */
export function newYorkDate(atMs: number): SessionDate {
  return sessionDate(wall(atMs).slice(0, 10));
}

/**
 * The instant of a wall time in New York on a date, milliseconds since 1970 UTC.
 * @param time `HH:MM` or `HH:MM:SS`; in the hour that autumn repeats the first of the two, in the hour that spring
 *   leaves out the instant an hour later
 */
export function newYorkTimeMs(date: SessionDate, time: string): number {
  const wallMs = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  const asDaylight = wallMs - daylightOffsetMs;
  return newYorkOffsetMs(asDaylight) === daylightOffsetMs ? asDaylight : wallMs - standardOffsetMs;
}

/** An instant as New York reads it, with its distance to UTC: `2025-06-24T14:15:22-04:00`. */
export function newYorkText(atMs: number): string {
  return `${wall(atMs)}-0${Math.abs(newYorkOffsetMs(atMs)) / hourMs}:00`;
}

function wall(atMs: number): string {
  return new Date(atMs + newYorkOffsetMs(atMs)).toISOString().slice(0, 19);
}

interface DaylightTime {
  readonly beginsMs: number;
  readonly endsMs: number;
}

// A year's rule never changes, so it is worked out once.
const knownYears = new Map<number, DaylightTime>();

/** Daylight time of a year, from 02:00 standard to 02:00 daylight: Energy Policy Act of 2005, before it the Act of 1986. */
function daylightTime(year: number): DaylightTime {
  const known = knownYears.get(year);
  if (known) return known;
  const begins = year >= 2007 ? nthWeekday(`${year}-03`, 0, 2) : nthWeekday(`${year}-04`, 0, 1);
  const firstOfNovember = nthWeekday(`${year}-11`, 0, 1);
  const ends = year >= 2007 ? firstOfNovember : addDays(firstOfNovember, -7);
  const twoOClock = (date: string, offsetMs: number): number => Date.parse(`${date}T02:00:00Z`) - offsetMs;
  const found = { beginsMs: twoOClock(begins, standardOffsetMs), endsMs: twoOClock(ends, daylightOffsetMs) };
  knownYears.set(year, found);
  return found;
}
