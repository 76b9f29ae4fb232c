import { mkdirSync, writeFileSync } from 'node:fs';
import { temporal } from '@temporalio/proto';

const { History } = temporal.api.history.v1;

/** A workflow's history as Temporal's client gives it. */
export type WorkflowHistory = temporal.api.history.v1.IHistory;

/** Where recorded histories lie: one a file, named for the workflow and, after a dot, for what happened to it. */
export const historiesFolder = new URL('../replay/histories/', import.meta.url);

/**
 * Writes a history as the replay tests read it, without the paths of the machine it was recorded on. The id, which the
 * test server leaves out of the first event, goes with it: some workflows decide by their own.
 */
export function recordHistory(name: string, workflowId: string, history: WorkflowHistory): void {
  // Temporal's own historyToJSON fails where npm installs two copies of protobufjs; the generated code does not.
  const plain = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String });
  const [first] = plain['events'] as { workflowExecutionStartedEventAttributes: object }[];
  Object.assign(first!.workflowExecutionStartedEventAttributes, { workflowId });
  const root = new URL('../../', import.meta.url).pathname;
  mkdirSync(historiesFolder, { recursive: true });
  writeFileSync(
    new URL(`${name}.json`, historiesFolder),
    `${JSON.stringify(plain, undefined, 1).replaceAll(root, '')}\n`,
  );
}

/** Reads what `recordHistory` wrote. */
export function parseHistory(text: string): WorkflowHistory {
  return History.fromObject(JSON.parse(text) as WorkflowHistory);
}
