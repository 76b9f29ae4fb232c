import type { DailyBars } from '#domain/bars.ts';
import type { Benchmark } from '#domain/benchmark.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { SessionSpan } from '../sessionSpan.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ContractRules } from './contractRules.ts';
import type { Finding } from './finding.ts';

/** How to compare. */
export interface RestatementTerms {
  readonly rules: ContractRules;
  /** Sessions that were asked for to fill them: rows that come in there are no restatement. */
  readonly backfill?: SessionSpan | undefined;
}

/**
 * What a provider tells otherwise than in the snapshot before: rows that changed, came into the past, or are gone.
 * One factor on all prices of a symbol (a split taken back in prices that come adjusted) is one finding; adjusted closes
 * are compared by their returns, since every dividend moves all levels before it.
 * @param previous what was published before
 * @param current what is to be published now, after the contract
 */
export function findRestatements(previous: Snapshot, current: Snapshot, terms: RestatementTerms): readonly Finding[] {
  const now = new Map(current.bars.map((bars) => [bars.symbol, bars]));
  return [
    ...previous.bars.flatMap((before) => symbolRestatements(before, now.get(before.symbol), terms)),
    ...benchmarkRestatements(previous.benchmark, current.benchmark),
  ];
}

function symbolRestatements(
  before: DailyBars,
  now: DailyBars | undefined,
  { rules, backfill }: RestatementTerms,
): readonly Finding[] {
  const { symbol } = before;
  if (!now) {
    const figures = { rows: before.sessions.length };
    return [{ rule: 'rowWithdrawn', symbol, session: null, figures, action: 'kept' }];
  }
  const { pairs, withdrawn, added } = pairRows(before.sessions, now.sessions);
  return [
    ...restatedRows(before, now, { pairs, rules }),
    ...withdrawn.map((session) => finding('rowWithdrawn', symbol, { session, figures: {} })),
    ...added
      .filter((session) => !(backfill && backfill.from <= session && session <= backfill.to))
      .map((session) => finding('rowAdded', symbol, { session, figures: {} })),
  ];
}

/** A session's rows in the bars before and in those now. */
interface RowPair {
  readonly session: SessionDate;
  readonly before: number;
  readonly now: number;
}

function restatedRows(
  before: DailyBars,
  now: DailyBars,
  { pairs, rules }: { readonly pairs: readonly RowPair[]; readonly rules: ContractRules },
): readonly Finding[] {
  const { symbol } = before;
  const last = pairs.at(-1);
  if (!last) return [];
  // Prices that the provider adjusts are all moved by one factor when a split comes; raw ones never are.
  const isRaw = before.actions !== undefined && now.actions !== undefined;
  const ratio = now.close[last.now]! / before.close[last.before]!;
  const factor = isRaw || Math.abs(ratio - 1) <= rules.adjustmentToleranceFraction ? 1 : ratio;
  const tolerance = factor === 1 ? 0 : rules.adjustmentToleranceFraction;
  const findings: Finding[] = [];
  if (factor !== 1) {
    findings.push(finding('historyRescaled', symbol, { session: pairs[0]!.session, figures: { factor } }));
  }
  for (const [index, pair] of pairs.entries()) {
    const figures = {
      ...differing(before, now, { pair, factor, tolerance }),
      ...differingActions(before, now, pair),
      ...differingReturn(before, now, { pair, prior: pairs[index - 1], rules }),
    };
    if (Object.keys(figures).length > 0) {
      findings.push(finding('rowRestated', symbol, { session: pair.session, figures }));
    }
  }
  return findings;
}

type Figures = Readonly<Record<string, number>>;

function differing(
  before: DailyBars,
  now: DailyBars,
  { pair, factor, tolerance }: { readonly pair: RowPair; readonly factor: number; readonly tolerance: number },
): Figures {
  return Object.assign(
    {},
    ...(['open', 'high', 'low', 'close', 'volume'] as const).map((column) => {
      const [was, is] = [before[column][pair.before]!, now[column][pair.now]!];
      const expected = column === 'volume' ? was / factor : was * factor;
      return Math.abs(is - expected) <= tolerance * expected ? {} : changed(column, was, is);
    }),
  ) as Figures;
}

function differingActions(before: DailyBars, now: DailyBars, pair: RowPair): Figures {
  if ((before.actions === undefined) !== (now.actions === undefined)) return {};
  return Object.assign(
    {},
    ...(['dividend', 'splitRatio'] as const).map((column) => {
      const [was, is] = [before.actions?.[column][pair.before], now.actions?.[column][pair.now]];
      return was === is ? {} : changed(column, was!, is!);
    }),
  ) as Figures;
}

function differingReturn(
  before: DailyBars,
  now: DailyBars,
  {
    pair,
    prior,
    rules,
  }: { readonly pair: RowPair; readonly prior: RowPair | undefined; readonly rules: ContractRules },
): Figures {
  if (!prior) return {};
  const was = before.adjustedClose[pair.before]! / before.adjustedClose[prior.before]!;
  const is = now.adjustedClose[pair.now]! / now.adjustedClose[prior.now]!;
  return Math.abs(is / was - 1) <= rules.adjustmentToleranceFraction ? {} : changed('adjustedReturn', was - 1, is - 1);
}

function benchmarkRestatements(before: Benchmark, now: Benchmark): readonly Finding[] {
  const { pairs, withdrawn } = pairRows(before.sessions, now.sessions);
  const moved = pairs.filter((pair) => before.close[pair.before] !== now.close[pair.now]);
  return [
    ...moved.map((pair) =>
      finding('rowRestated', 'the benchmark', {
        session: pair.session,
        figures: changed('close', before.close[pair.before]!, now.close[pair.now]!),
      }),
    ),
    ...withdrawn.map((session) => finding('rowWithdrawn', 'the benchmark', { session, figures: {} })),
  ];
}

/** Sessions in both, those that are gone, and those that came between old ones. Both lists ascend. */
function pairRows(
  before: readonly SessionDate[],
  now: readonly SessionDate[],
): {
  readonly pairs: readonly RowPair[];
  readonly withdrawn: readonly SessionDate[];
  readonly added: readonly SessionDate[];
} {
  const rowNow = new Map(now.map((session, row) => [session, row]));
  const known = new Set(before);
  const [first, last] = [before[0] ?? '', before.at(-1) ?? ''];
  return {
    pairs: before.flatMap((session, row) => {
      const found = rowNow.get(session);
      return found === undefined ? [] : [{ session, before: row, now: found }];
    }),
    withdrawn: before.filter((session) => !rowNow.has(session)),
    added: now.filter((session) => session > first && session < last && !known.has(session)),
  };
}

function changed(name: string, was: number, is: number): Figures {
  return { [`${name}Before`]: was, [`${name}Now`]: is };
}

function finding(
  rule: 'rowRestated' | 'rowWithdrawn' | 'rowAdded' | 'historyRescaled',
  symbol: string,
  { session, figures }: Pick<Finding, 'session' | 'figures'>,
): Finding {
  return { rule, symbol, session, figures, action: 'kept' };
}
