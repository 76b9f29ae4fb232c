import { randomBytes } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { searchAttributes } from '#infra/stack/servers.ts';

/** A namespace of its own with the project's search attributes, so that test files cannot see each other's workflows. */
export async function createNamespace(connection: Connection): Promise<string> {
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const keyword = 2; // temporal.api.enums.v1.IndexedValueType
  const add = (): Promise<unknown> =>
    connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(searchAttributes.map((name) => [name, keyword])),
    });
  // A new namespace is known to every part of the server only after a moment.
  for (let attempt = 0; attempt < 40; attempt += 1) {
    try {
      await add();
      return namespace;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  await add();
  return namespace;
}
