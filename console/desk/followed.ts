import { setTimeout as sleep } from 'node:timers/promises';
import type { Workflow, WorkflowHandle } from '@temporalio/client';

const lookMs = 2_000;

/** A workflow's result; on the way every change of what can be told of it. */
export async function followed<T extends Workflow>(
  handle: WorkflowHandle<T>,
  onProgress: (text: string) => void,
  look: () => Promise<string>,
): ReturnType<WorkflowHandle<T>['result']> {
  const over = new AbortController();
  const result = handle.result().finally(() => over.abort());
  // Met below: it must not end the program while somebody looks.
  result.catch(() => undefined);
  let told = '';
  while (!over.signal.aborted) {
    const text = await look().catch(() => told);
    if (text !== told && text !== '') onProgress(text);
    told = text;
    await sleep(lookMs, undefined, { signal: over.signal }).catch(() => undefined);
  }
  return result;
}
