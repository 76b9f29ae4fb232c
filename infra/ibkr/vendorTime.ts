import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';

const secondMs = 1_000;
const newYorkNames: ReadonlySet<string> = new Set(['US/Eastern', 'America/New_York', 'EST', 'EST5EDT']);

/**
 * An instant as requests write it, in UTC to the second: `20260402-20:00:00`.
 * @param atMs milliseconds since 1970 UTC; a fraction of a second is left out
 */
export function vendorTime(atMs: number): string {
  const [day = '', time = ''] = new Date(atMs).toISOString().slice(0, 19).split('T');
  return `${day.replaceAll('-', '')}-${time}`;
}

/**
 * The instant of a bar's stamp: seconds since 1970, a day (its midnight in New York), or a wall time with its zone.
 * @throws RangeError for anything else: a time in a zone that is not said cannot be guessed
 */
export function barTimeMs(text: string): number {
  if (/^\d{9,10}$/.test(text)) return Number(text) * secondMs;
  const [, year, month, day, time = '00:00:00', zone = 'US/Eastern'] =
    /^(\d{4})(\d{2})(\d{2})(?: +(\d{2}:\d{2}:\d{2}) (\S+))?$/.exec(text) ?? [];
  if (year === undefined || !newYorkNames.has(zone)) throw new RangeError(`no time of a bar: ${JSON.stringify(text)}`);
  return newYorkTimeMs(sessionDate(`${year}-${month}-${day}`), time);
}
