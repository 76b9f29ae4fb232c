/** Task queues, one a kind of work, so that training never starves trading. */
export const taskQueues = {
  /** Workflow code and short bookkeeping activities. */
  lifecycle: 'plimsoll-lifecycle',
  marketData: 'plimsoll-market-data',
  training: 'plimsoll-training',
  validation: 'plimsoll-validation',
  trading: 'plimsoll-trading',
} as const;
