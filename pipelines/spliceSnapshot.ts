import type { DailyBars } from '#domain/bars.ts';
import type { Benchmark } from '#domain/benchmark.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { barColumns } from './barRows.ts';
import type { SessionSpan } from './sessionSpan.ts';
import type { Snapshot } from './snapshot.ts';

/** Two tellings of the same adjusted price differ by no more than this fraction when they are on one scale. */
const scaleTolerance = 1e-4;

/** A range that was fetched anew, to be fitted into what is there. */
export interface SpliceTerms {
  readonly span: SessionSpan;
  /** As the provider gave it, unchecked; rows outside the span are not taken. */
  readonly fetched: Snapshot;
}

/**
 * What is there with the rows of a span told anew. A symbol that the provider did not answer for in the span stays as
 * it is. Prices that come adjusted must show in at least one common session that they are on one scale; raw prices
 * need no such proof, and their adjusted closes are left to the contract.
 * @throws Failure BACKFILL_REFUSED when prices do not fit
 */
export function spliceSnapshot(present: Snapshot, { span, fetched }: SpliceTerms): Snapshot {
  const news = new Map(fetched.bars.map((bars) => [bars.symbol, bars]));
  const known = new Set(present.bars.map(({ symbol }) => symbol));
  return {
    bars: [
      ...present.bars.map((bars) => spliceBars(bars, news.get(bars.symbol), span)),
      ...fetched.bars.filter(({ symbol }) => !known.has(symbol)),
    ],
    benchmark: spliceBenchmark(present.benchmark, fetched.benchmark, span),
  };
}

function spliceBars(present: DailyBars, news: DailyBars | undefined, span: SessionSpan): DailyBars {
  if (!news?.sessions.some((session) => isWithin(session, span))) return present;
  const { symbol } = present;
  if ((present.actions === undefined) !== (news.actions === undefined)) {
    throw refused(`${symbol}: raw prices do not fit beside adjusted ones`, symbol);
  }
  if (!present.actions) requireOneScale(symbol, present, news);
  const { sessions, pick } = plan(present.sessions, news.sessions, span);
  const [open, high, low, close, adjustedClose, volume] = barColumns.map((name) => pick(present[name], news[name]));
  return {
    symbol,
    sessions,
    open: open!,
    high: high!,
    low: low!,
    close: close!,
    // Ours and the vendor's are on different scales; the contract makes them anew from raw prices.
    adjustedClose: present.actions ? new Float64Array(sessions.length).fill(Number.NaN) : adjustedClose!,
    volume: volume!,
    ...(present.actions &&
      news.actions && {
        actions: {
          dividend: pick(present.actions.dividend, news.actions.dividend),
          splitRatio: pick(present.actions.splitRatio, news.actions.splitRatio),
        },
      }),
  };
}

function spliceBenchmark(present: Benchmark, news: Benchmark, span: SessionSpan): Benchmark {
  if (!news.sessions.some((session) => isWithin(session, span))) return present;
  const closes = (of: Benchmark): Scaled => ({ sessions: of.sessions, close: of.close, adjustedClose: of.close });
  requireOneScale('the benchmark', closes(present), closes(news));
  const { sessions, pick, rows } = plan(present.sessions, news.sessions, span);
  const source = rows.map(([from, row]) => (from === 'present' ? present : news).source[row]!);
  return { sessions, close: pick(present.close, news.close), source };
}

type Scaled = Pick<DailyBars, 'sessions' | 'close' | 'adjustedClose'>;

function requireOneScale(name: string, present: Scaled, news: Scaled): void {
  const rowOf = new Map(present.sessions.map((session, row) => [session, row]));
  const both = news.sessions.flatMap((session, row) => {
    const old = rowOf.get(session);
    return old === undefined ? [] : [{ old, row }];
  });
  if (both.length === 0) throw refused(`${name}: no session is told by both, so their scales are unknown`, name);
  const fits = (column: 'close' | 'adjustedClose'): boolean =>
    both.some(({ old, row }) => Math.abs(news[column][row]! / present[column][old]! - 1) <= scaleTolerance);
  if (!fits('close') || !fits('adjustedClose')) throw refused(`${name}: prices are told on another scale now`, name);
}

/** Which row comes from where: news within the span, what is present outside of it; ascending. */
function plan(present: readonly SessionDate[], news: readonly SessionDate[], span: SessionSpan) {
  const rows = [
    ...present.flatMap((session, row) => (isWithin(session, span) ? [] : [['present', row, session] as const])),
    ...news.flatMap((session, row) => (isWithin(session, span) ? [['news', row, session] as const] : [])),
  ].toSorted(([, , a], [, , b]) => (a < b ? -1 : 1));
  return {
    rows,
    sessions: rows.map(([, , session]) => session),
    pick: (old: Float64Array, young: Float64Array): Float64Array =>
      Float64Array.from(rows, ([from, row]) => (from === 'present' ? old : young)[row]!),
  };
}

function isWithin(session: SessionDate, { from, to }: SessionSpan): boolean {
  return from <= session && session <= to;
}

function refused(message: string, place: string): Failure {
  return new Failure('BACKFILL_REFUSED', message, { place });
}
