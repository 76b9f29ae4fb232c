import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isAlive, type ProcessIdentity } from './processIdentity.ts';

const pollMs = 200;
const turnMaxMs = 10_000;

/** Runs a body while holding a lock file; waits for whoever holds it, and takes over from a holder that died. */
export async function withLock<T>(file: string, body: () => Promise<T>): Promise<T> {
  while (!(await tryLock(file))) await sleep(pollMs);
  try {
    return await body();
  } finally {
    await rm(file, { force: true });
  }
}

/** Takes the lock when it is free or its holder died. The file is linked into place whole: nobody reads half a holder. */
export async function tryLock(file: string): Promise<boolean> {
  // A name of its own for each try: one process may ask several times at once.
  const mine = `${file}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(identityOf(process.pid)));
  try {
    await link(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await removeIfAbandoned(file);
    return false;
  } finally {
    await rm(mine, { force: true });
  }
}

/** Removes a dead holder's lock; only one process at a time looks and removes, so that none removes a fresh one. */
async function removeIfAbandoned(file: string): Promise<void> {
  const turn = `${file}.takeover`;
  try {
    await mkdir(turn);
  } catch {
    // Whoever has the turn needs milliseconds; after seconds it died with it.
    const since = await stat(turn).catch(() => undefined);
    if (since && Date.now() - since.mtimeMs > turnMaxMs) await rmdir(turn).catch(() => undefined);
    return;
  }
  try {
    const holder = await lockHolder(file);
    if (holder && !isAlive(holder)) await rm(file, { force: true });
  } finally {
    // After a long stall somebody may have taken the turn for abandoned, and removed it.
    await rmdir(turn).catch(ignoreMissing);
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** Who holds a lock file; undefined when nobody does. */
export async function lockHolder(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
