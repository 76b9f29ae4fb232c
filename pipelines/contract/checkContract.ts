import type { DailyBars } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { barColumns } from '../barRows.ts';
import { unionOfSessions } from '../sessionSpan.ts';
import { defaultContractRules, type ContractRules } from './contractRules.ts';
import type { ContractRule, Finding } from './finding.ts';
import { pricesWithinRange, usableFigures } from './priceRules.ts';
import { consistentActions, ownAdjustment, usableActions } from './actionRules.ts';
import { lateListing, oneHolderOfTicker, sessionsWithoutTrades } from './listingRules.ts';
import { extremeReturns, returnOutliers, singleScale, staleRuns, unadjustedSplits } from './returnRules.ts';
import {
  expectedSessionsOnly,
  missingSessions,
  orderSessions,
  uniqueSessions,
  type RuleOutcome,
} from './sessionRules.ts';

/** What the bars are held against. */
export interface ContractTerms {
  /** Sessions of the exchange in the dataset's range; absent: the union of all symbols' own, so only gaps show. */
  readonly expectedSessions?: readonly SessionDate[];
  readonly rules?: ContractRules;
}

/** A reason to publish nothing. */
export interface HardFailure {
  readonly rule: ContractRule;
  readonly message: string;
  readonly symbols: readonly string[];
}

/** The contract's answer. Everything that differs between the bars given and the bars here has a finding. */
export interface ContractReport {
  /** Symbols that passed, sorted, after repairs and skipped rows. */
  readonly bars: readonly DailyBars[];
  readonly findings: readonly Finding[];
  readonly hardFailures: readonly HardFailure[];
  readonly quarantined: readonly string[];
  readonly verdict: 'publishable' | 'refused';
}

/**
 * Checks bars against the data contract: repairs what rounding broke, skips rows and quarantines symbols that cannot
 * be trusted, and says so for each.
 * @param given one entry a symbol, rows in any order, figures of any kind
 */
export function checkContract(given: readonly DailyBars[], terms: ContractTerms = {}): ContractReport {
  const malformed = malformations(given);
  if (malformed.length > 0) {
    return { bars: [], findings: [], hardFailures: malformed, quarantined: [], verdict: 'refused' };
  }
  const rules = terms.rules ?? defaultContractRules;
  const sorted = given.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const expected = terms.expectedSessions ? [...new Set(terms.expectedSessions)].toSorted() : unionOfSessions(sorted);
  const checked = sorted.map((bars) => checkSymbol(bars, expected, rules));
  const findings = checked.flatMap((outcome) => outcome.findings);
  const quarantined = new Set(findings.flatMap(({ symbol, action }) => (action === 'quarantined' ? [symbol] : [])));
  const bars = checked.flatMap((outcome) => (quarantined.has(outcome.bars.symbol) ? [] : [outcome.bars]));
  const hardFailures: HardFailure[] = [];
  if (bars.length === 0) {
    hardFailures.push({ rule: 'emptyDataset', message: 'no symbol passed the contract', symbols: [...quarantined] });
  } else if (quarantined.size / given.length > rules.quarantinedFractionMax) {
    hardFailures.push({
      rule: 'quarantinedSymbols',
      message: `${quarantined.size} of ${given.length} symbols are quarantined`,
      symbols: [...quarantined],
    });
  }
  const verdict = hardFailures.length === 0 ? 'publishable' : 'refused';
  return { bars, findings, hardFailures, quarantined: [...quarantined], verdict };
}

/**
 * The bars of a report that may be published.
 * @param written where the report lies, for whoever reads of the refusal
 * @throws Failure DATA_CONTRACT_BROKEN when the verdict is `refused`
 */
export function publishableBars(report: ContractReport, written: string): readonly DailyBars[] {
  if (report.verdict === 'publishable') return report.bars;
  throw contractBroken(report, written);
}

/**
 * The failure DATA_CONTRACT_BROKEN of a report that refuses.
 * @param written where the report lies, for whoever reads of the refusal
 */
export function contractBroken(report: ContractReport, written: string): Failure {
  const reasons = report.hardFailures.map(({ rule, message }) => `${rule}: ${message}`);
  return new Failure('DATA_CONTRACT_BROKEN', `the bars are refused: ${reasons.join('; ')}; report: ${written}`, {
    reasons,
    report: written,
    quarantined: report.quarantined,
    findings: report.findings.length,
  });
}

/** Faults of the whole that leave nothing to check row by row. */
function malformations(given: readonly DailyBars[]): readonly HardFailure[] {
  const failures: HardFailure[] = [];
  if (given.every(({ sessions }) => sessions.length === 0)) {
    failures.push({ rule: 'emptyDataset', message: 'there are no rows', symbols: given.map(({ symbol }) => symbol) });
  }
  const repeated = given.filter(({ symbol }, index) => given.findIndex((other) => other.symbol === symbol) !== index);
  if (repeated.length > 0) {
    const symbols = repeated.map(({ symbol }) => symbol);
    failures.push({ rule: 'duplicateSymbol', message: `given more than once: ${symbols.join(', ')}`, symbols });
  }
  const uneven = given.filter((bars) =>
    [...barColumns.map((column) => bars[column]), ...Object.values(bars.actions ?? {})].some(
      ({ length }) => length !== bars.sessions.length,
    ),
  );
  if (uneven.length > 0) {
    const symbols = uneven.map(({ symbol }) => symbol);
    failures.push({ rule: 'columnLength', message: `columns differ in length: ${symbols.join(', ')}`, symbols });
  }
  return failures;
}

/** All rules for one symbol, in an order in which each may rely on those before it. */
function checkSymbol(given: DailyBars, expected: readonly SessionDate[], rules: ContractRules): RuleOutcome {
  const unusable = usableActions(given);
  if (unusable.length > 0) return { bars: given, findings: unusable };
  const { bars, findings } = applyRules(given, [
    orderSessions,
    uniqueSessions,
    (current) => expectedSessionsOnly(current, expected),
    usableFigures,
    (current) => pricesWithinRange(current, rules),
  ]);
  const skipped = given.sessions.length - bars.sessions.length;
  if (bars.sessions.length === 0 || skipped / given.sessions.length > rules.skippedFractionMax) {
    const figures = { rows: given.sessions.length, skipped };
    const rule = { rule: 'skippedRows', symbol: given.symbol, session: null } as const;
    return { bars, findings: [...findings, { ...rule, figures, action: 'quarantined' }] };
  }
  const adjusted = applyRules(bars, [
    (current) => oneHolderOfTicker(current, expected, rules),
    (current) => consistentActions(current, rules),
    (current) => ownAdjustment(current, rules),
    (current) => singleScale(current, rules),
  ]);
  return {
    bars: adjusted.bars,
    findings: [
      ...findings,
      ...adjusted.findings,
      ...lateListing(adjusted.bars, expected),
      ...missingSessions(adjusted.bars, {
        expected,
        given: given.sessions,
        fractionMax: rules.missingFractionMax,
      }),
      ...sessionsWithoutTrades(adjusted.bars),
      ...unadjustedSplits(adjusted.bars, rules),
      ...returnOutliers(adjusted.bars, rules),
      ...extremeReturns(adjusted.bars, rules),
      ...staleRuns(adjusted.bars, rules),
    ],
  };
}

/** Runs rules after each other, each on what the one before left. */
function applyRules(given: DailyBars, rules: readonly ((bars: DailyBars) => RuleOutcome)[]): RuleOutcome {
  let bars = given;
  const findings: Finding[] = [];
  for (const rule of rules) {
    const outcome = rule(bars);
    bars = outcome.bars;
    findings.push(...outcome.findings);
  }
  return { bars, findings };
}
