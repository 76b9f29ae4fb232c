import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import type { GuardDesk } from '#activities/ports/guardDesk.ts';
import type { GuardTerms } from '#infra/configuration/guardTerms.ts';
import type { guardAccount } from '#workflows/guardAccount.ts';
import { observeEquity } from '#workflows/messages.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { workflowIds } from '#workflows/workflowIds.ts';

/** Reaches guards by Update; a guard that is not running is started by the same call. */
export function createGuardDesk(client: Client, terms: GuardTerms): GuardDesk {
  return {
    async observe(account, observation) {
      const startWorkflowOperation = new WithStartWorkflowOperation<typeof guardAccount>('guardAccount', {
        workflowId: workflowIds.guard(account),
        taskQueue: taskQueues.trading,
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: `guard of ${account}`,
        args: [{ account, ...terms }],
      });
      const { state } = await client.workflow.executeUpdateWithStart(observeEquity, {
        startWorkflowOperation,
        args: [observation],
      });
      return state;
    },
  };
}
