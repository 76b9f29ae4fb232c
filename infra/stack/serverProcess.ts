import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, openSync, closeSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '#domain/failure.ts';
import { identityOf, isAlive, type ProcessIdentity } from './processIdentity.ts';

/** A program that is kept running. */
export interface ServerSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Signal that asks it to stop at once and cleanly. */
  readonly stopSignal: NodeJS.Signals;
  /** Whether it answers; asked every quarter of a second while it starts, every few seconds later. */
  readonly isHealthy: () => Promise<boolean>;
  readonly startTimeoutMs: number;
  /** Runs the program as the unprivileged user 1000 of a user namespace when we are root. */
  readonly refusesRoot?: boolean;
}

/** What is known of a kept program. */
export interface ServerStatus {
  readonly name: string;
  readonly state: 'starting' | 'healthy' | 'restarting' | 'stopped';
  readonly pid?: number;
  readonly restarts: number;
  readonly sinceMs: number;
}

const stopGraceMs = 15_000;
const restartWaitMaxMs = 10_000;

/** Keeps one program running: started, watched, started again when it died, stopped cleanly. */
export class ServerProcess {
  readonly spec: ServerSpec;
  private readonly home: string;
  private child: ChildProcess | undefined;
  private state: ServerStatus['state'] = 'stopped';
  private restarts = 0;
  private sinceMs = Date.now();

  constructor(spec: ServerSpec, home: string) {
    this.spec = spec;
    this.home = home;
  }

  /**
   * Starts the program and waits until it answers.
   * @throws Failure SERVER_NOT_STARTED with the end of its log when it does not in time
   */
  async start(): Promise<void> {
    await mkdir(path.join(this.home, 'logs'), { recursive: true });
    await mkdir(path.join(this.home, 'pids'), { recursive: true });
    await stopLeftover(this.pidFile(), this.spec.stopSignal);
    this.enter('starting');
    await this.launch();
    await this.untilHealthy();
    this.enter('healthy');
  }

  status(): ServerStatus {
    const { pid } = this.child ?? {};
    const { state, restarts, sinceMs } = this;
    return { name: this.spec.name, state, restarts, sinceMs, ...(pid !== undefined && { pid }) };
  }

  /** Stops the program and whatever it started; killed when it does not obey in time. */
  async stop(): Promise<void> {
    this.enter('stopped');
    const { child } = this;
    if (child?.pid !== undefined) await stopGroup(identityOf(child.pid), this.spec.stopSignal);
    await rm(this.pidFile(), { force: true });
  }

  private async launch(): Promise<void> {
    const log = openSync(this.logFile(), 'a');
    const { command, args } = guarded(this.spec);
    // A group of its own: the terminal's Ctrl-C must reach us only, who stop it in order.
    const child = spawn(command, args, {
      env: this.spec.env ?? process.env,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child = child;
    child.on('error', () => undefined); // the exit that follows is what is acted on
    child.once('exit', () => void this.died(child));
    if (child.pid !== undefined) await writeFile(this.pidFile(), JSON.stringify(identityOf(child.pid)));
  }

  private async died(child: ChildProcess): Promise<void> {
    if (this.isStopped() || this.child !== child || this.state === 'starting') return;
    this.enter('restarting');
    for (let waitMs = 200; this.state === 'restarting'; waitMs = Math.min(waitMs * 2, restartWaitMaxMs)) {
      this.restarts += 1;
      try {
        await this.launch();
        await this.untilHealthy();
        if (!this.isStopped()) this.enter('healthy');
        return;
      } catch {
        await sleep(waitMs);
      }
    }
  }

  private isStopped(): boolean {
    return this.state === 'stopped';
  }

  private async untilHealthy(): Promise<void> {
    const deadlineMs = Date.now() + this.spec.startTimeoutMs;
    while (Date.now() < deadlineMs && !this.isStopped()) {
      if (this.child?.exitCode !== null || this.child.signalCode !== null) break;
      if (await this.spec.isHealthy().catch(() => false)) return;
      await sleep(250);
    }
    if (this.isStopped()) return;
    const log = existsSync(this.logFile()) ? await readFile(this.logFile(), 'utf8') : '';
    const last = log.trim().split('\n').slice(-5).join('\n');
    const message = `${this.spec.name} did not start within ${this.spec.startTimeoutMs / 1000} s; its log ends:\n${last}`;
    throw new Failure('SERVER_NOT_STARTED', message, { server: this.spec.name, log: this.logFile() });
  }

  private enter(state: ServerStatus['state']): void {
    this.state = state;
    this.sinceMs = Date.now();
  }

  private pidFile(): string {
    return path.join(this.home, 'pids', `${this.spec.name}.json`);
  }

  private logFile(): string {
    return path.join(this.home, 'logs', `${this.spec.name}.log`);
  }
}

/** Stops what an earlier start left behind, when that very process still runs. */
export async function stopLeftover(pidFile: string, signal: NodeJS.Signals): Promise<void> {
  const text = await readFile(pidFile, 'utf8').catch(() => undefined);
  if (text === undefined || text === '') return;
  await stopGroup(JSON.parse(text) as ProcessIdentity, signal);
  await rm(pidFile, { force: true });
}

async function stopGroup(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (isAlive(identity)) signalGroup(identity.pid, signal);
  const deadlineMs = Date.now() + stopGraceMs;
  while (isAlive(identity)) {
    if (Date.now() > deadlineMs) signalGroup(identity.pid, 'SIGKILL');
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

/**
 * The command with its guards: the system stops it when we die, even by kill -9, and PostgreSQL, which refuses root,
 * sees itself as user 1000 of a namespace in which our files are its own.
 */
function guarded(spec: ServerSpec): { readonly command: string; readonly args: readonly string[] } {
  const plain = [spec.command, ...spec.args];
  const tied = existsSync('/usr/bin/setpriv')
    ? ['setpriv', '--pdeathsig', spec.stopSignal.replace('SIG', ''), ...plain]
    : plain;
  const demoted = spec.refusesRoot === true && process.getuid?.() === 0;
  const [command = '', ...args] = demoted ? ['unshare', '-U', '--map-user=1000', '--map-group=1000', ...tied] : tied;
  return { command, args };
}
