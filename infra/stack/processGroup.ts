import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Demotion } from './demotion.ts';
import { isAlive, type ProcessIdentity } from './processIdentity.ts';

const stopGraceMs = 15_000;

/** A program to run in a process group of its own. */
export interface GuardedProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Signal that asks it to stop at once and cleanly. */
  readonly stopSignal: NodeJS.Signals;
  /** Set for a program that refuses root when we are root: the way it runs all the same. */
  readonly demotion?: Demotion | undefined;
}

/**
 * The command with its guards: the system stops it when we die, even by kill -9, and one that refuses root runs
 * as nobody.
 */
export function guarded(program: GuardedProgram): { readonly command: string; readonly args: readonly string[] } {
  const plain = [program.command, ...program.args];
  const tied = existsSync('/usr/bin/setpriv')
    ? ['setpriv', '--pdeathsig', program.stopSignal.replace('SIG', ''), ...plain]
    : plain;
  const [command = '', ...args] = [...(program.demotion?.prefix ?? []), ...tied];
  return { command, args };
}

/** Stops the group that a process leads: asked first, killed when it does not obey in time. */
export async function stopGroup(leader: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (isAlive(leader)) {
    signalGroup(leader.pid, signal);
    // One that was halted (SIGSTOP, Ctrl-Z) hears nothing until it goes on.
    signalGroup(leader.pid, 'SIGCONT');
  }
  const deadlineMs = Date.now() + stopGraceMs;
  while (isAlive(leader)) {
    if (Date.now() > deadlineMs) signalGroup(leader.pid, 'SIGKILL');
    await sleep(50);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended in between.
  }
}
