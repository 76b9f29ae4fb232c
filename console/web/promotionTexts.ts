import type { GateOutcome, PromotionStatus } from '#workflows/messages.ts';
import type { PromotionView } from '../desk/desk.ts';
import type { Html } from './html.ts';
import { chip } from './layout.ts';

/** Where a promotion stands, in a word. */
export function stageChip({ stage, decision }: PromotionStatus): Html {
  if (decision === 'approved') return chip('approved', 'good');
  if (decision !== undefined) return chip(decision === 'gateFailed' ? 'gate failed' : decision, 'bad');
  return chip(stage === 'review' ? 'waits for review' : 'at the gate');
}

/** What a gate said. */
export function gateChip(name: string, { verdict }: GateOutcome): Html {
  return chip(`${name}: ${verdict}`, verdict === 'passed' ? 'good' : 'bad');
}

/** How many of the people that are needed have approved. */
export function approvalsText({ reviews: taken, approvalsRequired }: PromotionStatus): string {
  return `${taken.filter(({ verdict }) => verdict === 'approve').length} of ${approvalsRequired} approvals`;
}

/** Address of a promotion's page. */
export function modelAddress({ workflowId }: PromotionView): string {
  return `/models/${encodeURIComponent(workflowId)}`;
}
