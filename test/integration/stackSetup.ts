import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { StackAddresses } from '#infra/stack/addresses.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { startStack } from '#infra/stack/stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The servers that a test run shares: `inject('stack')`. */
    stack: StackAddresses;
  }
}

/**
 * Starts the real servers once for a test run, in a home of its own on free ports, and stops them at its end. Tests
 * keep apart by names: a database, bucket, experiment or namespace of their own.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-test-stack-'));
  // PostgreSQL refuses to run as root and then runs as another user, who must reach its folder.
  await chmod(home, 0o755);
  const removeHome = (): Promise<void> => rm(home, { recursive: true, force: true });
  const stack = await startStack({
    home,
    cache: cacheFolder(),
    progress: (name, text) => process.stdout.write(`stack: ${name} ${text}\n`),
  }).catch(async (error: unknown) => {
    await removeHome();
    throw error;
  });
  project.provide('stack', stack.addresses);
  return async () => {
    await stack.stop();
    await removeHome();
  };
}
