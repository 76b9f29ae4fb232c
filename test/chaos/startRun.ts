import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StartReport } from '#console/start/report.ts';
import { isAlive } from '#infra/stack/processIdentity.ts';
import { readServerRecords } from '#infra/stack/serverRecord.ts';
import { processesOf } from './leftBehind.ts';
import { isBefore, phaseTold, type Phase } from './phases.ts';
import type { Victim } from './victims.ts';

/** How a start ended. */
export interface StartEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Its last line, when it completed. */
  readonly report?: StartReport;
  /** The last it said to people. */
  readonly lastWords: string;
}

/** A start under way in a home. */
export interface StartRun {
  readonly ended: Promise<StartEnd>;
  /** Where it stands, by what it told. */
  phase(): Phase;
  /** Sends SIGKILL to programs at once; false, and nothing is sent, when not all of them run now. */
  kill(victims: readonly Victim[]): boolean;
  /** Sends SIGKILL to every process of the home at once, as a power cut would. */
  killEverything(): void;
  /** Sends SIGINT to the group of the terminal, as Ctrl-C does. */
  interrupt(): void;
}

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const startTimeoutMs = 900_000;
const lastWordsMax = 1_200;

/**
 * Runs `start --unattended --json` on a home as a person would, in a process group of its own like that of a terminal's
 * command. One that takes over 15 minutes is killed.
 */
export function runStart(home: string, windows: number): StartRun {
  const args = ['infra/stack/bootstrap.mjs', 'start', '--unattended', '--windows', String(windows), '--json'];
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    env: { ...process.env, PLIMSOLL_HOME: home },
    detached: true,
    // The channel carries nothing: its end stops the start when we are killed, though its group is its own.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let phase: Phase = 'servers';
  const reach = (told: Phase): void => {
    // Servers that are started again tell of an earlier phase.
    if (isBefore(phase, told)) phase = told;
  };
  const ended = follow(child, reach);
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const group = (signal: NodeJS.Signals): void => void (isRunning() && process.kill(-child.pid!, signal));
  return {
    ended,
    phase: () => phase,
    kill(victims) {
      const killers = victims.map((victim) => killerOf(victim, { child, home, isRunning, group }));
      if (killers.some((kill) => kill === undefined)) return false;
      for (const kill of killers) kill?.();
      return true;
    },
    killEverything() {
      for (const { pid } of processesOf(home)) signalOne(pid, 'SIGKILL');
    },
    interrupt: () => group('SIGINT'),
  };
}

/** What kills a victim; undefined while it does not run. */
function killerOf(
  victim: Victim,
  run: {
    readonly child: ChildProcess;
    readonly home: string;
    readonly isRunning: () => boolean;
    readonly group: (signal: NodeJS.Signals) => void;
  },
): (() => void) | undefined {
  const { child, home, isRunning, group } = run;
  if (victim === 'bootstrap') return isRunning() ? () => void child.kill('SIGKILL') : undefined;
  if (victim === 'start') return isRunning() ? () => group('SIGKILL') : undefined;
  const record = readServerRecords(home).find(({ name }) => name === victim);
  return record && isAlive(record) ? () => signalOne(record.pid, 'SIGKILL') : undefined;
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}

function follow(child: ChildProcess, reach: (phase: Phase) => void): Promise<StartEnd> {
  let [said, told] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    // Its answer is all that it says there; afterwards it only stops what runs.
    reach('stopping');
  });
  createInterface({ input: child.stderr! }).on('line', (line) => {
    told = `${told}\n${line}`.slice(-lastWordsMax);
    const phase = phaseTold(line);
    if (phase) reach(phase);
  });
  const deadline = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => {
      clearTimeout(deadline);
      // Not `close`: what a killed start leaves behind may still hold its pipes.
      if (exitCode !== 0) resolve({ exitCode, signal, lastWords: told.trim() });
    });
    // Its answer is whole only now.
    child.once('close', (exitCode, signal) => {
      if (exitCode !== 0) return;
      const line = said.trim().split('\n').at(-1) ?? '';
      resolve({ exitCode, signal, report: JSON.parse(line) as StartReport, lastWords: told.trim() });
    });
  });
}
