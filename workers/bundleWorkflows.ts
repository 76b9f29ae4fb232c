import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode } from '@temporalio/worker';
import { workflowInterceptorModule } from '#infra/telemetry/temporalInterceptors.ts';

// Bundles the workflows once, for every worker: `node --import tsx workers/bundleWorkflows.ts FILE`.
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name the file to write');
const { code } = await bundleWorkflowCode({
  workflowsPath: new URL('../workflows/all.ts', import.meta.url).pathname,
  workflowInterceptorModules: [workflowInterceptorModule],
});
await writeFile(file, code);
