import type { ContractReport } from './checkContract.ts';
import { severityOf, type ContractRule, type Finding, type FindingAction } from './finding.ts';

/** How often a rule spoke. */
export interface RuleSummary {
  readonly rule: ContractRule;
  readonly findings: number;
  readonly symbols: number;
  readonly actions: Readonly<Partial<Record<FindingAction, number>>>;
  readonly severities: Readonly<Partial<Record<'note' | 'warning' | 'error', number>>>;
  /** Findings for each row given: a rule that speaks too often is not listened to. */
  readonly fractionOfRows: number;
}

/**
 * The findings of a report by rule, most first.
 * @param rowsGiven rows that were checked, over all symbols
 */
export function summariseRules(
  { findings }: Pick<ContractReport, 'findings'>,
  rowsGiven: number,
): readonly RuleSummary[] {
  const byRule = new Map<ContractRule, Finding[]>();
  for (const finding of findings) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  return [...byRule]
    .map(([rule, spoken]) => ({
      rule,
      findings: spoken.length,
      symbols: new Set(spoken.map(({ symbol }) => symbol)).size,
      actions: counted(spoken.map(({ action }) => action)),
      severities: counted(spoken.map(({ action }) => severityOf[action])),
      fractionOfRows: spoken.length / rowsGiven,
    }))
    .toSorted((a, b) => b.findings - a.findings);
}

function counted<Name extends string>(names: readonly Name[]): Readonly<Partial<Record<Name, number>>> {
  const counts: Partial<Record<Name, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
