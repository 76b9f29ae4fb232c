import { Failure } from '#domain/failure.ts';
import { sessionOfText } from '../files/sessionOfText.ts';
import { stampOfText } from '../files/stampOfText.ts';
import { dailyFileFormats } from './fileFormats.ts';

/** Headers, in lower case, of columns that tell when: those of the formats we read, and of usual exports. */
export function stampNames(): readonly string[] {
  const known = dailyFileFormats.flatMap(({ columns }) => columns.session ?? []);
  return ['datetime', 'timestamp', 'session', 'start', 'open time', 'open_time', 'time', ...known];
}

/** A header's spellings: some exports put names in angle brackets. */
export function spellings(name: string): readonly string[] {
  return [name, `<${name}>`];
}

/** Headers as written, by their lower case. */
export function headers(header: readonly string[]): ReadonlyMap<string, string> {
  return new Map(header.map((name) => [name.trim().toLowerCase(), name]));
}

/** The first of the names that a header has, as the header writes it. */
export function firstOf(header: ReadonlyMap<string, string>, names: readonly string[]): string | undefined {
  return names
    .flatMap(spellings)
    .map((name) => header.get(name))
    .find((name) => name !== undefined);
}

/**
 * Rows oldest first; a file that descends is turned round, any other disorder would be a look into the future.
 * @param rows of the file, from 0 below the header
 * @param stamps shape [rows of the file]: dates, times, or seconds or milliseconds since 1970
 * @returns `stampMs` milliseconds since 1970 UTC, of a date its midnight in UTC
 * @throws Failure BARS_UNREADABLE naming the line
 */
export function rowsInOrder(
  rows: readonly number[],
  stamps: readonly string[],
  { path, column }: { readonly path: string; readonly column: string },
): { readonly order: readonly number[]; readonly stampMs: Float64Array } {
  const times = rows.map((row) => {
    const time = timeOf(stamps[row]!);
    if (time === undefined) {
      throw unreadable(path, row + 2, `column ${column} holds no time: ${JSON.stringify(stamps[row])}`);
    }
    return time;
  });
  const descends = times.length > 1 && times[1]! < times[0]!;
  for (let index = 1; index < times.length; index += 1) {
    const step = times[index]! - times[index - 1]!;
    if (descends ? step >= 0 : step <= 0) {
      throw unreadable(path, rows[index]! + 2, `column ${column} repeats a time or is out of order`);
    }
  }
  return descends
    ? { order: rows.toReversed(), stampMs: Float64Array.from(times.toReversed()) }
    : { order: rows, stampMs: Float64Array.from(times) };
}

/** A date, a time, or seconds or milliseconds since 1970; milliseconds. */
function timeOf(text: string): number | undefined {
  const session = sessionOfText(text);
  if (session !== undefined) return Date.parse(session);
  if (/^\d{10}$/.test(text)) return Number(text) * 1_000;
  if (/^\d{13}$/.test(text)) return Number(text);
  return stampOfText(text);
}

/** A row that is none; `line` from 1, of Parquet the row. */
export function unreadable(path: string, line: number, problem: string): Failure {
  return new Failure('BARS_UNREADABLE', `${path}, line ${line}: ${problem}`, { path, line });
}
