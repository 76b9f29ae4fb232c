import { Failure } from './failure.ts';
import type { SessionDate } from './sessionDate.ts';

/** A time during which a symbol belonged to an index. A symbol that left and came back has several. */
export interface Membership {
  readonly symbol: string;
  /** First day of membership. */
  readonly from: SessionDate;
  /** First day on which it is a member no more; absent while it still is one. */
  readonly until?: SessionDate;
}

/** Members of an index through time: what could have been chosen from on a day, without knowing what came after. */
export interface Universe {
  /** In order of symbol, then of time; no two memberships of a symbol overlap. */
  readonly memberships: readonly Membership[];
}

/**
 * A universe of memberships in any order.
 * @throws Failure UNIVERSE_INVALID for one that ends before it begins, or two of a symbol that overlap
 */
export function createUniverse(given: readonly Membership[]): Universe {
  const memberships = given.toSorted((a, b) => compare(a.symbol, b.symbol) || compare(a.from, b.from));
  for (const [index, { symbol, from, until }] of memberships.entries()) {
    if (until !== undefined && until <= from) throw invalid(symbol, `it ends on ${until}, not after ${from}`);
    const next = memberships[index + 1];
    if (next?.symbol === symbol && (until === undefined || next.from < until)) {
      throw invalid(symbol, `the membership from ${next.from} begins before the one from ${from} ends`);
    }
  }
  return { memberships };
}

/** Symbols that are members on a day, sorted. */
export function membersOn({ memberships }: Universe, day: SessionDate): readonly string[] {
  return memberships.filter((membership) => holds(membership, day)).map(({ symbol }) => symbol);
}

function holds({ from, until }: Membership, day: SessionDate): boolean {
  return from <= day && (until === undefined || day < until);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function invalid(symbol: string, what: string): Failure {
  return new Failure('UNIVERSE_INVALID', `the universe cannot be: ${symbol}: ${what}`, { symbol });
}
