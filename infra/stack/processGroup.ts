import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './processIdentity.ts';

const stopGraceMs = 15_000;

/** A program to run in a process group of its own. */
export interface GuardedProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Signal that asks it to stop at once and cleanly. */
  readonly stopSignal: NodeJS.Signals;
  /** Runs the program as the unprivileged user nobody of a user namespace when we are root. */
  readonly refusesRoot?: boolean;
}

/**
 * The command with its guards: the system stops it when we die, even by kill -9, and PostgreSQL, which refuses root,
 * sees itself as nobody of a namespace in which our files are its own.
 */
export function guarded(program: GuardedProgram): { readonly command: string; readonly args: readonly string[] } {
  const plain = [program.command, ...program.args];
  const tied = existsSync('/usr/bin/setpriv')
    ? ['setpriv', '--pdeathsig', program.stopSignal.replace('SIG', ''), ...plain]
    : plain;
  const [command = '', ...args] = program.refusesRoot === true ? demoted(tied) : tied;
  return { command, args };
}

/** A command as an unprivileged user when we are root, else as it is. */
export function demoted(command: readonly string[]): readonly string[] {
  return process.getuid?.() === 0 ? ['unshare', '-U', '--map-user=65534', '--map-group=65534', ...command] : command;
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
