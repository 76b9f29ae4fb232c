import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';

const stamp = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(\.\d{1,9})?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * The instant that a cell names, e.g. `2019-02-15 16:00:00` on New York's clocks, or with a zone of its own:
 * `2019-02-15T21:00:00Z`, `2019-02-15 16:00:00-05:00`.
 * @returns milliseconds since 1970 UTC; undefined for anything else
 */
export function stampOfText(text: string): number | undefined {
  const [, date, time, fraction, zone] = stamp.exec(text.trim()) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const fractionMs = fraction === undefined ? 0 : Number(`0${fraction}`) * 1_000;
  try {
    const ms = zone === undefined ? newYorkTimeMs(sessionDate(date), time) : zoned(sessionDate(date), time, zone);
    return Number.isNaN(ms) ? undefined : ms + fractionMs;
  } catch {
    return undefined;
  }
}

function zoned(date: string, time: string, zone: string): number {
  const separated = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return Date.parse(`${date}T${time}${separated}`);
}
