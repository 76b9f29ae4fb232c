import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { stopGroup } from './processGroup.ts';
import { isAlive, type ProcessIdentity } from './processIdentity.ts';

/** What the home remembers of a kept program, so that other processes can tell of it and a later start can stop it. */
export interface ServerRecord extends ProcessIdentity {
  readonly name: string;
  readonly state: ServerState;
  readonly stopSignal: NodeJS.Signals;
  readonly restarts: number;
  /** When this state began, milliseconds since 1970. */
  readonly sinceMs: number;
}

/** Where a kept program stands; `failed` was started again too often and is given up. */
export type ServerState = 'starting' | 'healthy' | 'restarting' | 'stopped' | 'failed';

const folderOf = (home: string): string => path.join(home, 'pids');

/** Writes the record whole or not at all. */
export function writeServerRecord(home: string, record: ServerRecord): void {
  mkdirSync(folderOf(home), { recursive: true });
  const file = path.join(folderOf(home), `${record.name}.json`);
  writeFileSync(`${file}.part`, JSON.stringify(record));
  renameSync(`${file}.part`, file);
}

/** Forgets a program that was stopped. */
export async function removeServerRecord(home: string, name: string): Promise<void> {
  await rm(path.join(folderOf(home), `${name}.json`), { force: true });
}

/** The records of a home, by name; none where nothing was started. */
export function readServerRecords(home: string): readonly ServerRecord[] {
  let files: readonly string[];
  try {
    files = readdirSync(folderOf(home));
  } catch {
    return [];
  }
  return files
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => JSON.parse(readFileSync(path.join(folderOf(home), file), 'utf8')) as ServerRecord);
}

/**
 * Stops what an earlier keeper left behind: those very processes, not others given their numbers since.
 * @returns how many still ran
 */
export async function stopLeftovers(home: string): Promise<number> {
  const records = readServerRecords(home);
  const running = records.filter(isAlive);
  await Promise.all(running.map((record) => stopGroup(record, record.stopSignal)));
  for (const { name } of records) await removeServerRecord(home, name);
  return running.length;
}
