import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Failure } from '#domain/failure.ts';
import { isFailureCode } from '#domain/failures/catalogue.ts';
import { addressesFile, readAddresses, type StackAddresses } from './addresses.ts';
import type { Progress } from './cache.ts';
import { lockHolder } from './fileLock.ts';
import { isAlive, type ProcessIdentity } from './processIdentity.ts';
import { stopLeftovers } from './serverRecord.ts';
import { stackLock } from './stack.ts';
import type { SupervisorMessage, SupervisorRequest } from './supervisor.ts';

const stopTimeoutMs = 60_000;

/** How to bring a stack up in the background. */
export interface UpRequest extends SupervisorRequest {
  readonly progress: Progress;
  /** Gives the start up; what it started is stopped. */
  readonly signal?: AbortSignal;
}

/**
 * Brings the stack of a home up in the background and returns when every server answers. One that runs is left as it
 * is, so that a second `up` does nothing.
 * @throws Failure of the start, as startStack tells it; nothing runs on then
 */
export async function up(request: UpRequest): Promise<StackAddresses> {
  const { home } = request;
  if (await stackKeeper(home)) {
    const addresses = await readAddresses(home).catch(() => undefined);
    if (addresses) return addresses;
    const message = `the stack of ${home} is being started or stopped by another process: try again when it is done`;
    throw new Failure('STACK_IN_USE', message, { home });
  }
  const supervisor = launch(request);
  const stop = (): void => void supervisor.kill('SIGTERM');
  request.signal?.addEventListener('abort', stop, { once: true });
  try {
    await untilReady(supervisor, request);
  } finally {
    request.signal?.removeEventListener('abort', stop);
  }
  supervisor.unref();
  return readAddresses(home);
}

/**
 * Stops the stack of a home, in whatever process's keeping it is, and what a killed keeper left behind.
 * @returns whether anything ran
 */
export async function down(home: string): Promise<boolean> {
  const keeper = await stackKeeper(home);
  if (keeper) {
    signal(keeper, 'SIGTERM');
    const deadlineMs = Date.now() + stopTimeoutMs;
    while (isAlive(keeper) && Date.now() < deadlineMs) await sleep(50);
    if (isAlive(keeper)) signal(keeper, 'SIGKILL');
  }
  const left = await stopLeftovers(home);
  await rm(addressesFile(home), { force: true });
  return keeper !== undefined || left > 0;
}

/** The process that keeps the stack of a home; undefined when none does. */
export async function stackKeeper(home: string): Promise<ProcessIdentity | undefined> {
  const holder = await lockHolder(stackLock(home));
  return holder && isAlive(holder) ? holder : undefined;
}

function launch({ home, cache, ports, given, services }: UpRequest): ChildProcess {
  const request: SupervisorRequest = {
    home,
    cache,
    ...(ports && { ports }),
    ...(given && { given }),
    ...(services && { services }),
  };
  mkdirSync(path.join(home, 'logs'), { recursive: true, mode: 0o700 });
  const log = openSync(path.join(home, 'logs', 'supervisor.log'), 'a');
  const program = fileURLToPath(new URL('supervisor.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program], {
    // A session of its own, so that closing the terminal does not end it.
    detached: true,
    env: { ...process.env, PLIMSOLL_SUPERVISOR: JSON.stringify(request) },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}

function untilReady(supervisor: ChildProcess, { progress, home }: UpRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    let told: Error | undefined;
    supervisor.on('message', (message: SupervisorMessage) => {
      if (message.kind === 'progress') progress(message.name, message.text);
      if (message.kind === 'failed') told = failureOf(message, home);
      if (message.kind === 'ready') resolve();
    });
    supervisor.on('error', reject);
    // After its last word, so that nothing of it runs on when the failure is told.
    supervisor.on('exit', (code, by) => {
      reject(told ?? new Error(`the supervisor ended (${by ?? code}); see ${path.join(home, 'logs/supervisor.log')}`));
    });
  });
}

function failureOf({ code, message }: { readonly code?: string; readonly message: string }, home: string): Error {
  return code !== undefined && isFailureCode(code) ? new Failure(code, message, { home }) : new Error(message);
}

function signal({ pid }: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}
