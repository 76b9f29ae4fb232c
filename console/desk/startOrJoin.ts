import type { Client, Workflow, WorkflowHandle, WorkflowStartOptions } from '@temporalio/client';

/**
 * Starts a workflow under its business id, or joins the one that runs or ran; one that failed is started again and
 * finds what it wrote.
 */
export async function startOrJoin<T extends Workflow>(
  client: Client,
  type: string,
  options: WorkflowStartOptions<T>,
): Promise<WorkflowHandle<T>> {
  const known = client.workflow.getHandle<T>(options.workflowId);
  const standing = await known.describe().catch(() => undefined);
  if (standing && ['RUNNING', 'COMPLETED'].includes(standing.status.name)) return known;
  return client.workflow.start<T>(type, { ...options, workflowIdConflictPolicy: 'USE_EXISTING' });
}
