import { workerData } from 'node:worker_threads';
import { computeFeaturePlan } from '#pipelines/features/computeFeaturePlan.ts';
import { compileFeatures } from '#pipelines/features/featurePlan.ts';
import type { ThreadTask } from './featureThreads.ts';

// A thread of computeInThreads: takes one symbol after the other until none is left, and writes into shared memory.
const { spec, symbols, next } = workerData as ThreadTask;
const plan = compileFeatures(spec);
const taken = new Int32Array(next);
for (let index = Atomics.add(taken, 0, 1); index < symbols.length; index = Atomics.add(taken, 0, 1)) {
  const { history, outputs } = symbols[index]!;
  computeFeaturePlan(plan, history, outputs);
}
