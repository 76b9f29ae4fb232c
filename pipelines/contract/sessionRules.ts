import { pickRows, type DailyBars } from '#domain/bars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { barColumns, dropRows } from '../barRows.ts';
import type { Finding } from './finding.ts';

/** Bars of one symbol after a rule, and what the rule saw. */
export interface RuleOutcome {
  readonly bars: DailyBars;
  readonly findings: readonly Finding[];
}

/** Puts sessions in ascending order; rows of one session keep theirs. */
export function orderSessions(bars: DailyBars): RuleOutcome {
  const { sessions } = bars;
  const misplaced: number[] = [];
  for (let row = 1; row < sessions.length; row += 1) if (sessions[row]! < sessions[row - 1]!) misplaced.push(row);
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

/**
 * Skips rows on days that are no session of the calendar, and rows after its last: nobody knows them yet.
 * @param bars ascending
 * @param expected ascending
 */
export function expectedSessionsOnly(bars: DailyBars, expected: readonly SessionDate[]): RuleOutcome {
  const { sessions, symbol } = bars;
  const last = expected.at(-1);
  const lost: number[] = [];
  const findings: Finding[] = [];
  let next = 0;
  for (let row = 0; row < sessions.length; row += 1) {
    const session = sessions[row]!;
    while (next < expected.length && expected[next]! < session) next += 1;
    if (expected[next] === session) continue;
    lost.push(row);
    const rule = last !== undefined && session > last ? 'futureSession' : 'unexpectedSession';
    findings.push({ rule, symbol, session, figures: {}, action: 'skipped' });
  }
  return { bars: dropRows(bars, lost), findings };
}

/** What missing sessions are told by. */
export interface MissingTerms {
  /** Sessions of the calendar, ascending. */
  readonly expected: readonly SessionDate[];
  /** Sessions the source gave, in any order, whatever became of their rows. */
  readonly given: readonly SessionDate[];
  readonly fractionMax: number;
}

/**
 * Runs of expected sessions that the symbol lacks, from its first row to the last expected session: a young symbol is
 * not missing its past, but one that stopped is missing its present. Each run is one finding; rows that were given and
 * left out by another rule count, and are not told twice.
 */
export function missingSessions(bars: DailyBars, { expected, given, fractionMax }: MissingTerms): readonly Finding[] {
  const { sessions, symbol } = bars;
  const [firstSession] = sessions;
  if (firstSession === undefined) return [];
  const runs: { readonly first: number; end: number }[] = [];
  let begins = 0;
  while (begins < expected.length && expected[begins]! < firstSession) begins += 1;
  let row = 0;
  for (let index = begins; index < expected.length; index += 1) {
    while (row < sessions.length && sessions[row]! < expected[index]!) row += 1;
    if (sessions[row] === expected[index]) continue;
    const run = runs.at(-1);
    if (run?.end === index) run.end += 1;
    else runs.push({ first: index, end: index + 1 });
  }
  if (runs.length === 0) return [];
  const missing = runs.reduce((sum, { first, end }) => sum + end - first, 0);
  const action = missing / (expected.length - begins) > fractionMax ? 'quarantined' : 'kept';
  const told = new Set(given);
  return runs
    .filter(({ first, end }) => expected.slice(first, end).some((session) => !told.has(session)))
    .map(({ first, end }) => ({
      rule: 'missingSession',
      symbol,
      session: expected[first]!,
      figures: { sessions: end - first, to: expected[end - 1]! },
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
