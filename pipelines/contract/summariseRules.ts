import type { ContractReport } from './checkContract.ts';
import type { ContractRule, Finding, FindingAction } from './finding.ts';

/** How often a rule spoke. */
export interface RuleSummary {
  readonly rule: ContractRule;
  readonly findings: number;
  readonly symbols: number;
  readonly actions: Readonly<Partial<Record<FindingAction, number>>>;
  /** Findings for each row given: a rule that speaks too often is not listened to. */
  readonly fractionOfRows: number;
}

/**
 * The findings of a report by rule, most first.
 * @param rowsGiven rows that were checked, over all symbols
 */
export function summariseRules({ findings }: ContractReport, rowsGiven: number): readonly RuleSummary[] {
  const byRule = new Map<ContractRule, Finding[]>();
  for (const finding of findings) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  return [...byRule]
    .map(([rule, spoken]) => ({
      rule,
      findings: spoken.length,
      symbols: new Set(spoken.map(({ symbol }) => symbol)).size,
      actions: countActions(spoken),
      fractionOfRows: spoken.length / rowsGiven,
    }))
    .toSorted((a, b) => b.findings - a.findings);
}

function countActions(findings: readonly Finding[]): RuleSummary['actions'] {
  const counts: Partial<Record<FindingAction, number>> = {};
  for (const { action } of findings) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}
