import type { DailyBars } from '#domain/bars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { membersOn, type Universe } from '#domain/universe.ts';

/** How much of an index's past a set of bars holds. Members are counted once for each session they were members in. */
export interface YearCoverage {
  readonly year: number;
  /** Sessions of members that are members to this day, and how many of them have a bar. */
  readonly stayed: Coverage;
  /** Sessions of members that have left since. */
  readonly left: Coverage;
}

/** Sessions of members, and how many of them have a bar. */
export interface Coverage {
  readonly memberSessions: number;
  readonly held: number;
}

/** Bars held against the index they claim to be drawn from. */
export interface SurvivorshipReport {
  readonly years: readonly YearCoverage[];
  readonly stayed: Coverage;
  readonly left: Coverage;
  /** Members of the span without a single bar in it, sorted. */
  readonly neverHeld: readonly string[];
}

/**
 * Tells survivorship bias: bars that hold the members which stayed and lack those which left make any strategy look
 * better than it was. A member counts as `left` when it is none on the universe's last known day.
 * @param sessions of the span to look at, ascending
 */
export function survivorship(
  universe: Universe,
  bars: readonly DailyBars[],
  sessions: readonly SessionDate[],
): SurvivorshipReport {
  const current = new Set(universe.memberships.flatMap(({ symbol, until }) => (until === undefined ? [symbol] : [])));
  const held = new Map(bars.map(({ symbol, sessions: own }) => [symbol, new Set<string>(own)]));
  const years = new Map<number, YearCoverage>();
  const seen = new Set<string>();
  const neverHeld = new Set<string>();
  for (const session of sessions) {
    const year = Number(session.slice(0, 4));
    let { stayed, left } = years.get(year) ?? { stayed: nothing, left: nothing };
    for (const symbol of membersOn(universe, session)) {
      const isHeld = held.get(symbol)?.has(session) ?? false;
      if (current.has(symbol)) stayed = counted(stayed, isHeld);
      else left = counted(left, isHeld);
      (isHeld ? seen : neverHeld).add(symbol);
    }
    years.set(year, { year, stayed, left });
  }
  const all = [...years.values()];
  return {
    years: all,
    stayed: sumOf(all.map((year) => year.stayed)),
    left: sumOf(all.map((year) => year.left)),
    neverHeld: [...neverHeld].filter((symbol) => !seen.has(symbol)).toSorted(),
  };
}

const nothing: Coverage = { memberSessions: 0, held: 0 };

function counted({ memberSessions, held }: Coverage, isHeld: boolean): Coverage {
  return { memberSessions: memberSessions + 1, held: held + (isHeld ? 1 : 0) };
}

function sumOf(coverages: readonly Coverage[]): Coverage {
  return coverages.reduce(
    (sum, { memberSessions, held }) => ({
      memberSessions: sum.memberSessions + memberSessions,
      held: sum.held + held,
    }),
    nothing,
  );
}
