import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';

/** Search attributes of every workflow: few values each, for finding things in the Temporal UI; PostgreSQL is the authority. */
const searchAttributeKeys = {
  model: defineSearchAttributeKey('PlimsollModel', 'KEYWORD'),
  dataset: defineSearchAttributeKey('PlimsollDataset', 'KEYWORD'),
  account: defineSearchAttributeKey('PlimsollAccount', 'KEYWORD'),
  session: defineSearchAttributeKey('PlimsollSession', 'KEYWORD'),
  stage: defineSearchAttributeKey('PlimsollStage', 'KEYWORD'),
  verdict: defineSearchAttributeKey('PlimsollVerdict', 'KEYWORD'),
} as const;

/** Sets the given search attributes of the running workflow, leaving the others alone. */
export function mark(values: Partial<Record<keyof typeof searchAttributeKeys, string>>): void {
  upsertSearchAttributes(
    Object.entries(values).map(([name, value]) => ({
      key: searchAttributeKeys[name as keyof typeof searchAttributeKeys],
      value,
    })),
  );
}
