import { readFileSync } from 'node:fs';
import { ModelProcesses } from '#models/process/modelProcessClient.ts';
import type { ModelJob } from '#models/process/protocol.ts';
import { modelChildren } from './trainingJobs.ts';

// A worker in miniature: starts the job in the file it is given, and says which process does it.
const job = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Extract<ModelJob, { readonly kind: 'train' }>;
await new ModelProcesses(1).perform(job, {
  onReport: ({ epoch }) => {
    if (epoch === 2) process.stdout.write(`${modelChildren(process.pid).join()}\n`);
  },
});
