import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { mkdirSync, realpathSync } from 'node:fs';
import { Failure } from '#domain/failure.ts';
import { sha256 } from '#domain/sha256.ts';

/**
 * Takes a directory for this process alone. The lock is a socket in Linux's abstract namespace named for the directory:
 * the kernel frees it when its holder dies however it dies, so a crash never leaves a stale lock.
 * @throws Failure PAPER_EXCHANGE_IN_USE
 */
export async function takeHome(home: string): Promise<Server> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const lock = createServer();
  await new Promise<void>((resolve, reject) => {
    lock.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Failure('PAPER_EXCHANGE_IN_USE', `a paper exchange already runs on ${home}`, { home }, { cause: error })
          : error,
      );
    });
    lock.listen(`\0plimsoll-paper-exchange-${sha256(realpathSync(home)).slice(0, 32)}`, resolve);
  });
  lock.unref();
  return lock;
}
