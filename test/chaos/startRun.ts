import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StartReport } from '#console/start/report.ts';
import { identityOf, isAlive } from '#infra/stack/processIdentity.ts';
import { readServerRecords } from '#infra/stack/serverRecord.ts';

/** What is killed: the start itself, one of the workers, or a server by its name in the stack. */
export const victims = [
  'start',
  'worker-lifecycle',
  'worker-marketData',
  'worker-training',
  'worker-validation',
  'worker-trading',
  'temporal',
  'mlflow',
  'minio',
  'postgres',
  'paper-exchange',
] as const;

/** One of the victims. */
export type Victim = (typeof victims)[number];

/** How a start ended. */
export interface StartEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Its last line, when it completed. */
  readonly report?: StartReport;
  /** The last it said to people. */
  readonly lastWords: string;
  readonly seconds: number;
}

/** A start under way in a home. */
export interface StartRun {
  readonly ended: Promise<StartEnd>;
  /** Sends SIGKILL to that program; false when it does not run now. */
  kill(victim: Victim): boolean;
}

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const startTimeoutMs = 900_000;
const lastWordsMax = 1_200;

/** Runs `start --unattended --json` on a home, as a person would; one that takes over 15 minutes is killed. */
export function runStart(home: string, windows: number): StartRun {
  const startedMs = Date.now();
  const args = ['--import', 'tsx', 'console/cli.ts', 'start', '--unattended', '--windows', String(windows), '--json'];
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    env: { ...process.env, PLIMSOLL_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, told] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (told = (told + chunk.toString()).slice(-lastWordsMax)));
  const deadline = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
  const ended = new Promise<StartEnd>((resolve, reject) => {
    child.once('error', reject);
    // Not `close`: what a killed start leaves behind still holds its pipes.
    child.once('exit', (exitCode, signal) => {
      clearTimeout(deadline);
      const line = said.trim().split('\n').at(-1) ?? '';
      const report = exitCode === 0 ? { report: JSON.parse(line) as StartReport } : {};
      resolve({ exitCode, signal, ...report, lastWords: told.trim(), seconds: (Date.now() - startedMs) / 1_000 });
    });
  });
  return {
    ended,
    kill(victim) {
      if (victim === 'start') return child.exitCode === null && child.signalCode === null && child.kill('SIGKILL');
      const record = readServerRecords(home).find(({ name }) => name === victim);
      return record !== undefined && isAlive(record) && process.kill(record.pid, 'SIGKILL');
    },
  };
}

/**
 * Processes that still run for a home: those that were started with it in their environment or name it in their
 * arguments. Asked again until none is left or time is up.
 */
export async function leftBehind(home: string, graceMs: number): Promise<readonly string[]> {
  const deadlineMs = Date.now() + graceMs;
  for (;;) {
    const found = processesOf(home);
    if (found.length === 0 || Date.now() > deadlineMs) return found;
    await sleep(250);
  }
}

function processesOf(home: string): readonly string[] {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid || !isAlive(identityOf(pid))) return [];
    const command = textOf(pid, 'cmdline').replaceAll('\0', ' ').trim();
    const isOurs = command.includes(home) || textOf(pid, 'environ').split('\0').includes(`PLIMSOLL_HOME=${home}`);
    return isOurs ? [`${pid} ${command.slice(0, 120)}`] : [];
  });
}

function textOf(pid: number, name: string): string {
  try {
    return readFileSync(path.join('/proc', String(pid), name), 'utf8');
  } catch {
    return ''; // it ended while we looked
  }
}
