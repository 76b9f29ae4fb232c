import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Bundles the workflows a worker serves, or those of another entry point, with nothing written to the log. */
export function bundleWorkflows(
  entry: URL = new URL('../../workflows/all.ts', import.meta.url),
): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath: entry.pathname, logger: silentLogger });
}

const nothing = (): void => undefined;
const silentLogger = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
