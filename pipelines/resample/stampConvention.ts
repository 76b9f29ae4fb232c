import { newYorkDate } from '#domain/newYorkTime.ts';
import { isSession } from '#domain/calendar.ts';
import { tradingHours } from '#domain/tradingHours.ts';

/** Whether a vendor stamps a bar with its beginning or with its end. */
export type StampConvention = 'start' | 'end';

/**
 * Tells the convention from where the stamps lie: only a bar stamped at its start carries the open's instant when
 * nothing precedes it that day, and only one stamped at its end the close's when nothing follows.
 * @param stampsMs in the order of time
 * @returns undefined when the stamps do not tell, or tell both: then a person must
 */
export function stampConvention(stampsMs: Float64Array): StampConvention | undefined {
  let [starts, ends] = [0, 0];
  for (const { session, first, last } of daysOf(stampsMs)) {
    const { openMs, closeMs } = tradingHours(session);
    if (first === openMs) starts += 1;
    if (last === closeMs) ends += 1;
  }
  if (starts > 0 && ends === 0) return 'start';
  return ends > 0 && starts === 0 ? 'end' : undefined;
}

function* daysOf(stampsMs: Float64Array): Generator<{
  readonly session: ReturnType<typeof newYorkDate>;
  readonly first: number;
  readonly last: number;
}> {
  for (let row = 0; row < stampsMs.length;) {
    const session = newYorkDate(stampsMs[row]!);
    const first = stampsMs[row]!;
    while (row < stampsMs.length && newYorkDate(stampsMs[row]!) === session) row += 1;
    if (isSession(session)) yield { session, first, last: stampsMs[row - 1]! };
  }
}
