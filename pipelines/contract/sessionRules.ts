import type { DailyBars } from '#domain/bars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { barColumns, keepRows, pickRows } from '../barRows.ts';
import type { Finding } from './finding.ts';

/** Bars of one symbol after a rule, and what the rule saw. */
export interface RuleOutcome {
  readonly bars: DailyBars;
  readonly findings: readonly Finding[];
}

/** Puts sessions in ascending order; rows of one session keep theirs. */
export function orderSessions(bars: DailyBars): RuleOutcome {
  const misplaced = bars.sessions.flatMap((session, row) =>
    row > 0 && session < bars.sessions[row - 1]! ? [row] : [],
  );
  const first = misplaced[0];
  if (first === undefined) return { bars, findings: [] };
  const order = bars.sessions.map((_, row) => row);
  order.sort((a, b) => compareText(bars.sessions[a]!, bars.sessions[b]!) || a - b);
  const finding: Finding = {
    rule: 'sessionOrder',
    symbol: bars.symbol,
    session: bars.sessions[first]!,
    figures: { misplacedRows: misplaced.length },
    action: 'repaired',
  };
  return { bars: pickRows(bars, order), findings: [finding] };
}

/**
 * Leaves one row a session: a repeat of the same figures is skipped; rows that contradict each other are all skipped,
 * since nothing says which is right.
 * @param bars in ascending order
 */
export function uniqueSessions(bars: DailyBars): RuleOutcome {
  const kept: number[] = [];
  const findings: Finding[] = [];
  for (let row = 0; row < bars.sessions.length;) {
    let next = row + 1;
    while (next < bars.sessions.length && bars.sessions[next] === bars.sessions[row]) next += 1;
    let equal = true;
    for (let other = row + 1; other < next; other += 1) equal &&= sameFigures(bars, row, other);
    if (equal) kept.push(row);
    if (next - row > 1) {
      findings.push({
        rule: 'duplicateSession',
        symbol: bars.symbol,
        session: bars.sessions[row]!,
        figures: { rows: next - row, rowsKept: equal ? 1 : 0 },
        action: 'skipped',
      });
    }
    row = next;
  }
  // A repeat's split or dividend is not another one, so nothing is carried over.
  return { bars: findings.length === 0 ? bars : pickRows(bars, kept), findings };
}

/** Skips rows on days that are no session of the calendar, and rows after its last: nobody knows them yet. */
export function expectedSessionsOnly(bars: DailyBars, expected: readonly SessionDate[]): RuleOutcome {
  const calendar = new Set(expected);
  const last = expected.at(-1);
  const kept: number[] = [];
  const findings: Finding[] = [];
  for (const [row, session] of bars.sessions.entries()) {
    if (calendar.has(session)) {
      kept.push(row);
      continue;
    }
    const rule = last !== undefined && session > last ? 'futureSession' : 'unexpectedSession';
    findings.push({ rule, symbol: bars.symbol, session, figures: {}, action: 'skipped' });
  }
  return { bars: findings.length === 0 ? bars : keepRows(bars, kept), findings };
}

/** What missing sessions are told by. */
export interface MissingTerms {
  /** Sessions of the calendar, ascending. */
  readonly expected: readonly SessionDate[];
  /** Sessions the source gave, whatever became of their rows. */
  readonly given: ReadonlySet<SessionDate>;
  readonly fractionMax: number;
}

/**
 * Runs of expected sessions that the symbol lacks, from its first row to the last expected session: a young symbol is
 * not missing its past, but one that stopped is missing its present. Each run is one finding; rows that were given and
 * left out by another rule count, and are not told twice.
 */
export function missingSessions(bars: DailyBars, { expected, given, fractionMax }: MissingTerms): readonly Finding[] {
  const first = bars.sessions[0];
  if (first === undefined) return [];
  const due = expected.filter((session) => session >= first);
  const present = new Set(bars.sessions);
  const runs: { from: SessionDate; to: SessionDate; count: number }[] = [];
  for (const [index, session] of due.entries()) {
    if (present.has(session)) continue;
    const run = runs.at(-1);
    if (run && run.to === due[index - 1]) Object.assign(run, { to: session, count: run.count + 1 });
    else runs.push({ from: session, to: session, count: 1 });
  }
  const missing = runs.reduce((sum, run) => sum + run.count, 0);
  const action = missing / due.length > fractionMax ? 'quarantined' : 'kept';
  const untold = runs.filter(({ from, to }) => due.some((date) => date >= from && date <= to && !given.has(date)));
  return untold.map((run) => ({
    rule: 'missingSession',
    symbol: bars.symbol,
    session: run.from,
    figures: { sessions: run.count, to: run.to },
    action,
  }));
}

function sameFigures(bars: DailyBars, row: number, other: number): boolean {
  const columns = [...barColumns.map((column) => bars[column]), ...Object.values(bars.actions ?? {})];
  return columns.every((column) => Object.is(column[row], column[other]));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
