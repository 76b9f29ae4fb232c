import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isAlive } from '#infra/stack/processIdentity.ts';

const lookMs = 250;

/**
 * Processes that run for a home, `PID COMMAND` each: started with it in their environment, naming it in their arguments,
 * or working in a folder of it (PostgreSQL's children overwrite both of the others). Asked again until none is left or
 * time is up.
 */
export async function leftBehind(home: string, graceMs: number): Promise<readonly string[]> {
  const deadlineMs = Date.now() + graceMs;
  for (;;) {
    const found = processesOf(home);
    if (found.length === 0 || Date.now() > deadlineMs) return found.map(({ pid, command }) => `${pid} ${command}`);
    await sleep(lookMs);
  }
}

/** The processes of a home that run now. */
export function processesOf(home: string): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid || !isAlive(identityOf(pid))) return [];
    const command = textOf(pid, 'cmdline').replaceAll('\0', ' ').trim();
    const isOurs =
      command.includes(home) ||
      textOf(pid, 'environ').split('\0').includes(`PLIMSOLL_HOME=${home}`) ||
      `${workingFolder(pid)}/`.startsWith(`${home}/`);
    return isOurs ? [{ pid, command: command.slice(0, 120) }] : [];
  });
}

function textOf(pid: number, name: string): string {
  try {
    return readFileSync(path.join('/proc', String(pid), name), 'utf8');
  } catch {
    return ''; // it ended while we looked
  }
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(path.join('/proc', String(pid), 'cwd'));
  } catch {
    return ''; // it ended while we looked
  }
}
