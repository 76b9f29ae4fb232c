import type { SessionDate } from '#domain/sessionDate.ts';
import { stressScenarios } from '#domain/stressScenarios.ts';

/** A fall of the market that people remember by its name. */
export interface MarketCrisis {
  readonly name: string;
  readonly title: string;
  /** The close before the fall, and the session of its lowest point. */
  readonly days: { readonly from: string; readonly to: string };
  /** What the index did, a fraction; negative. */
  readonly indexReturn: number;
  readonly source: string;
}

/** A crisis and the rows of a curve that lie in it. */
export interface CoveredCrisis {
  readonly crisis: MarketCrisis;
  /** First row within, and the row after the last one. */
  readonly fromRow: number;
  readonly endRow: number;
}

/** The dated falls of the standard scenarios, oldest first. */
export const marketCrises: readonly MarketCrisis[] = stressScenarios.flatMap(({ shock, days, ...scenario }) =>
  shock.kind === 'indexFall' && days ? [{ ...scenario, days, indexReturn: -shock.fraction }] : [],
);

/** Part of a crisis' weekdays that must be there: exchanges have holidays, and a vendor may miss a day, not a month. */
const coverageMin = 0.9;

/**
 * The crises that a curve lived through from their first session to their last.
 * @param sessions ascending
 */
export function coveredCrises(sessions: readonly SessionDate[]): readonly CoveredCrisis[] {
  return marketCrises.flatMap((crisis) => {
    const { from, to } = crisis.days;
    const fromRow = sessions.findIndex((session) => session > from);
    const after = sessions.findIndex((session) => session > to);
    const endRow = after === -1 ? sessions.length : after;
    // Without a session before it, the first must be the day after the close, or its loss is not among the returns.
    const begun = fromRow > 0 || (fromRow === 0 && weekdaysBetween(from, sessions[0]!) === 1);
    const ended = sessions.length > 0 && sessions.at(-1)! >= to;
    const enough = endRow - fromRow >= coverageMin * weekdaysBetween(from, to);
    return begun && ended && endRow > fromRow && enough ? [{ crisis, fromRow, endRow }] : [];
  });
}

/** Weekdays after a date, up to and with another. */
function weekdaysBetween(from: string, to: string): number {
  const dayMs = 86_400_000;
  let count = 0;
  for (let atMs = Date.parse(from) + dayMs; atMs <= Date.parse(to); atMs += dayMs) {
    const day = new Date(atMs).getUTCDay();
    if (day !== 0 && day !== 6) count += 1;
  }
  return count;
}
