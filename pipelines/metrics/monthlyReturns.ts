import type { SessionDate } from '#domain/sessionDate.ts';

/** Returns of one calendar year. */
export interface YearReturns {
  readonly year: number;
  /** Compounded over the year's sessions. */
  readonly total: number;
  /** January to December, compounded; null for a month without sessions. */
  readonly months: readonly (number | null)[];
}

/**
 * Returns by calendar month and year.
 * @param sessions ascending
 * @param returns shape [sessions], simple returns as fractions
 * @throws RangeError when the two differ in length
 */
export function monthlyReturns(sessions: readonly SessionDate[], returns: Float64Array): readonly YearReturns[] {
  if (sessions.length !== returns.length)
    throw new RangeError(`${returns.length} returns, ${sessions.length} sessions`);
  const growthOf = new Map<string, number>();
  for (const [row, session] of sessions.entries()) {
    for (const period of [session.slice(0, 4), session.slice(0, 7)]) {
      growthOf.set(period, (growthOf.get(period) ?? 1) * (1 + returns[row]!));
    }
  }
  const changeOf = (period: string): number | null => {
    const growth = growthOf.get(period);
    return growth === undefined ? null : growth - 1;
  };
  return [...growthOf.keys()]
    .filter((period) => period.length === 4)
    .map((year) => ({
      year: Number(year),
      total: changeOf(year)!,
      months: Array.from({ length: 12 }, (_, month) => changeOf(`${year}-${String(month + 1).padStart(2, '0')}`)),
    }));
}
