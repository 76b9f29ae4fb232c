import type { ActivityOptions } from '@temporalio/workflow';
import { taskQueues } from './taskQueues.ts';

// Retries outlast the restart of a server or a worker; a failure that no retry mends is thrown as non-retryable.
const patientRetry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '20 seconds',
} as const;

/** Time limits and retries of every activity, in one place; a workflow names the policy, never a number. */
export const policies = {
  /** A row, an alias, a small object: seconds of work. */
  bookkeeping: {
    taskQueue: taskQueues.lifecycle,
    startToCloseTimeout: '1 minute',
    scheduleToCloseTimeout: '30 minutes',
    retry: patientRetry,
  },
  /** Fetching, checking and writing a dataset. */
  marketData: {
    taskQueue: taskQueues.marketData,
    startToCloseTimeout: '10 minutes',
    scheduleToCloseTimeout: '1 hour',
    heartbeatTimeout: '30 seconds',
    retry: patientRetry,
  },
  /** A training in a child process; it beats with its checkpoint and resumes from it. */
  training: {
    taskQueue: taskQueues.training,
    startToCloseTimeout: '12 hours',
    scheduleToCloseTimeout: '24 hours',
    heartbeatTimeout: '30 seconds',
    retry: patientRetry,
  },
  /** One window, one simulation, one report. */
  validation: {
    taskQueue: taskQueues.validation,
    startToCloseTimeout: '30 minutes',
    scheduleToCloseTimeout: '6 hours',
    heartbeatTimeout: '30 seconds',
    retry: patientRetry,
  },
  /** A trial of a search: a training that is one of many, beside the windows. */
  trial: {
    taskQueue: taskQueues.validation,
    startToCloseTimeout: '12 hours',
    scheduleToCloseTimeout: '24 hours',
    heartbeatTimeout: '30 seconds',
    retry: patientRetry,
  },
  /** Reading and reconciling at the broker and the ledger: safe to repeat. */
  trading: {
    taskQueue: taskQueues.trading,
    startToCloseTimeout: '1 minute',
    scheduleToCloseTimeout: '30 minutes',
    retry: patientRetry,
  },
  /** Sending an order: once. A lost answer is settled by asking, never by sending again blindly. */
  submission: {
    taskQueue: taskQueues.trading,
    startToCloseTimeout: '30 seconds',
    scheduleToCloseTimeout: '2 minutes',
    retry: { maximumAttempts: 1 },
  },
} as const satisfies Readonly<Record<string, ActivityOptions>>;
