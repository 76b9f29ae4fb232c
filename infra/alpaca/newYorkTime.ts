import { sessionDate } from '#domain/sessionDate.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

const newYork = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** The date in New York at an instant: the name of the session that runs, ran or would run that day. */
export function newYorkDate(atMs: number): SessionDate {
  return sessionDate(wall(atMs).slice(0, 10));
}

/**
 * The instant of a wall time in New York on a date, milliseconds since 1970 UTC.
 * @param time `HH:MM`, not within the hours of the night when clocks change
 */
export function newYorkTimeMs(date: SessionDate, time: string): number {
  const asIfUtcMs = Date.parse(`${date}T${time}:00Z`);
  return asIfUtcMs - offsetMs(asIfUtcMs + 5 * 3_600_000);
}

/** An instant as Alpaca's clock prints it: `2025-06-24T14:15:22-04:00`. */
export function newYorkText(atMs: number): string {
  const hours = Math.round(Math.abs(offsetMs(atMs)) / 3_600_000);
  return `${wall(atMs)}-${String(hours).padStart(2, '0')}:00`;
}

function offsetMs(atMs: number): number {
  return Date.parse(`${wall(atMs)}Z`) - Math.floor(atMs / 1000) * 1000;
}

function wall(atMs: number): string {
  const part = Object.fromEntries(newYork.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:${part['second']}`;
}
