import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { withLock } from './fileLock.ts';

/** Tells what a provisioner is doing; `name` is the thing, `text` the step. */
export type Progress = (name: string, text: string) => void;

/** The user's cache folder: `PLIMSOLL_CACHE`, else `~/.cache/plimsoll`. Shared by all checkouts. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.PLIMSOLL_CACHE ?? path.join(homedir(), '.cache', 'plimsoll');
}

/** One thing in the cache: its name and version are its folder. */
export interface CacheEntry {
  readonly cache: string;
  readonly name: string;
  readonly version: string;
  /** Fills an empty folder; whatever it throws leaves nothing behind. */
  readonly fill: (folder: string) => Promise<void>;
}

/**
 * The folder of a thing in the cache, filled when it is not there. Two starts at once fill it once: the second waits.
 * A folder counts only with its mark, written last, so that an interrupted fill is done again.
 */
export async function provide({ cache, name, version, fill }: CacheEntry): Promise<string> {
  const folder = path.join(cache, `${name}-${version}`);
  if (isComplete(folder)) return folder;
  await mkdir(cache, { recursive: true });
  return withLock(`${folder}.lock`, async () => {
    if (isComplete(folder)) return folder;
    const part = `${folder}.part`;
    await rm(part, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
    await mkdir(part, { recursive: true });
    await fill(part);
    await writeFile(path.join(part, completeMark), '');
    await rename(part, folder);
    return folder;
  });
}

/** Name of the mark that a cache folder is whole. */
export const completeMark = '.complete';

/** Whether a cache folder is whole. */
export function isComplete(folder: string): boolean {
  return existsSync(path.join(folder, completeMark));
}
