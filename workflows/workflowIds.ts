/** Workflow ids are business identities: a second start of the same business is refused, not doubled. */
export const workflowIds = {
  ingest: (dataset: string, asOf: string): string => `ingest:${dataset}:${asOf}`,
  train: (model: string, specDigest: string): string => `train:${model}:${specDigest.slice(0, 16)}`,
  ensemble: (model: string, digest: string): string => `ensemble:${model}:${digest.slice(0, 16)}`,
  search: (model: string, specDigest: string): string => `search:${model}:${specDigest.slice(0, 16)}`,
  validate: (model: string, version: string, planDigest: string): string =>
    `validate:${model}:${version}:${planDigest.slice(0, 16)}`,
  promote: (model: string, version: string, request: string): string => `promote:${model}:${version}:${request}`,
  lifecycle: (model: string, asOf: string, lifecycleDigest: string): string =>
    `lifecycle:${model}:${asOf}:${lifecycleDigest.slice(0, 16)}`,
  watch: (model: string, asOf: string): string => `watch:${model}:${asOf}`,
  session: (account: string, session: string): string => `session:${account}:${session}`,
  order: (clientOrderId: string): string => `order:${clientOrderId}`,
  guard: (account: string): string => `guard:${account}`,
  escalation: (account: string, number: number): string => `escalate:${account}:${number}`,
} as const;
