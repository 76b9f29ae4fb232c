import type { WorkflowHandle } from '@temporalio/client';

/** What a running workflow shows of itself in the Temporal UI; empty when nobody answers. */
export async function currentDetails(handle: Pick<WorkflowHandle, 'query'>): Promise<string> {
  const metadata = await handle
    .query<{ readonly currentDetails?: string }>('__temporal_workflow_metadata')
    .catch(() => undefined);
  return (metadata?.currentDetails ?? '').replaceAll(/[*`]/g, '').replaceAll(/\s+/g, ' ').trim();
}
