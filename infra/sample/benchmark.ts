import type { BenchmarkBars } from '#activities/ports/marketDataProvider.ts';
import type { DailyBars } from '#domain/bars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { IndexCloses } from './sampleFiles.ts';

/** Label of the index's own closes. */
const indexSource = 'SP500';

/** Label of sessions where the symbols themselves, equally weighted, carry the level on. */
const equalWeightSource = 'EQUAL-WEIGHT';

/**
 * The index while it lasts, and from there the mean simple return of the symbols' adjusted closes, rebalanced every
 * session to equal weights and chained on the index's last level.
 * @param bars the symbols; a symbol counts on a session when it has finite closes there and on the session before
 * @param sessions sessions to cover, oldest first; those before the index begins are left out
 */
export function chainedBenchmark(
  index: IndexCloses,
  bars: readonly DailyBars[],
  sessions: readonly SessionDate[],
): BenchmarkBars {
  const closes = bars.map(
    (symbol) => new Map(symbol.sessions.map((session, row) => [session, symbol.adjustedClose[row] ?? Number.NaN])),
  );
  const covered: { readonly session: SessionDate; readonly close: number; readonly source: string }[] = [];
  for (const [position, session] of sessions.entries()) {
    const previous = covered.at(-1);
    const indexClose = index.get(session);
    if (indexClose !== undefined) {
      covered.push({ session, close: indexClose, source: indexSource });
    } else if (previous) {
      const growth = 1 + meanReturn(closes, sessions[position - 1] ?? session, session);
      covered.push({ session, close: previous.close * growth, source: equalWeightSource });
    }
  }
  return {
    sessions: covered.map(({ session }) => session),
    close: Float64Array.from(covered, ({ close }) => close),
    source: covered.map(({ source }) => source),
  };
}

function meanReturn(closes: readonly ReadonlyMap<SessionDate, number>[], from: SessionDate, to: SessionDate): number {
  const returns = closes
    .map((symbol) => (symbol.get(to) ?? Number.NaN) / (symbol.get(from) ?? Number.NaN) - 1)
    .filter((value) => Number.isFinite(value));
  return returns.reduce((sum, value) => sum + value, 0) / returns.length;
}
