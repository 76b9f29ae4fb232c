import type { DailyBars } from '#domain/bars.ts';
import { impliedDividends } from '#domain/dividends.ts';
import { moneyFromDollars, type Money } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

/** What a symbol printed in a session. */
export interface Print {
  readonly open: Money;
  readonly close: Money;
  /** Dollars a share, paid to who held it at the close before; 0 on most days. */
  readonly dividendDollars: number;
}

/** Prints by session, and what came before the first. */
export interface Prints {
  /** By symbol; those without a bar are absent. */
  readonly at: (session: SessionDate) => ReadonlyMap<string, Print>;
  /** Last close of each symbol before the first session, fresh for each caller to keep up to date. */
  readonly closesBefore: Map<string, Money>;
}

/** Lays bars out by session, prices rounded to ten-thousandths of a dollar. */
export function printsOf(
  bars: readonly DailyBars[],
  sessions: readonly SessionDate[],
  dividends: 'credited' | 'ignored',
): Prints {
  const bySession = new Map(sessions.map((session) => [session, new Map<string, Print>()]));
  const closesBefore = new Map<string, Money>();
  const first = sessions[0];
  for (const one of bars) {
    const paid = dividends === 'credited' ? impliedDividends(one) : undefined;
    for (const [row, session] of one.sessions.entries()) {
      const close = (): Money => moneyFromDollars(one.close[row]!);
      if (first !== undefined && session < first) {
        // Only the last one before the first session is kept.
        if ((one.sessions[row + 1] ?? first) >= first) closesBefore.set(one.symbol, close());
        continue;
      }
      bySession.get(session)?.set(one.symbol, {
        open: moneyFromDollars(one.open[row]!),
        close: close(),
        dividendDollars: paid?.get(session) ?? 0,
      });
    }
  }
  const none: ReadonlyMap<string, Print> = new Map();
  return { at: (session) => bySession.get(session) ?? none, closesBefore };
}
