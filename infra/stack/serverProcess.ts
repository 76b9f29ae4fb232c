import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '#domain/failure.ts';
import { usualPatience, type Patience } from './patience.ts';
import { guarded, stopGroup, type GuardedProgram } from './processGroup.ts';
import { identityOf, type ProcessIdentity } from './processIdentity.ts';
import { removeServerRecord, writeServerRecord, type ServerState } from './serverRecord.ts';

/** A program that is kept running. */
export interface ServerSpec extends GuardedProgram {
  readonly name: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether it answers; asked every quarter of a second while it starts. */
  readonly isHealthy: () => Promise<boolean>;
  readonly startTimeoutMs: number;
  /** Whether it still answers anything, asked while it runs; absent: `isHealthy` is asked. */
  readonly isResponsive?: () => Promise<boolean>;
  /** Other times than the usual ones, e.g. for a test that cannot wait that long. */
  readonly patience?: Partial<Patience>;
}

/** What is known of a kept program. */
export interface ServerStatus {
  readonly name: string;
  readonly state: ServerState;
  readonly pid?: number;
  readonly restarts: number;
  readonly sinceMs: number;
}

const pollMs = 250;
const restartWaitMs = 200;
const restartWaitMaxMs = 10_000;
/**
 * Keeps one program running: started, watched, started again when it died or hangs, given up when that does not help,
 * stopped cleanly.
 */
export class ServerProcess {
  readonly spec: ServerSpec;
  private readonly home: string;
  private child: ChildProcess | undefined;
  private identity: ProcessIdentity | undefined;
  private state: ServerState = 'stopped';
  private restarts = 0;
  private restartsInRow = 0;
  private sinceMs = Date.now();
  private readonly patience: Patience;
  private readonly onGivenUp: (failure: Failure) => void;
  private readonly stopping = new AbortController();

  constructor(spec: ServerSpec, home: string, onGivenUp: (failure: Failure) => void = () => undefined) {
    this.spec = spec;
    this.home = home;
    this.patience = { ...usualPatience, ...spec.patience };
    this.onGivenUp = onGivenUp;
  }

  /**
   * Starts the program and waits until it answers.
   * @throws Failure SERVER_NOT_STARTED with the end of its log when it does not in time
   */
  async start(): Promise<void> {
    mkdirSync(path.join(this.home, 'logs'), { recursive: true });
    this.enter('starting');
    this.launch();
    await this.untilHealthy();
    // It may have been stopped, or have died, while the last question was answered.
    if (this.state === 'starting') this.enter('healthy');
    if (!this.isRunning()) void this.restart('ended');
    void this.watch();
  }

  status(): ServerStatus {
    const { pid } = this.child ?? {};
    const { state, restarts, sinceMs } = this;
    return { name: this.spec.name, state, restarts, sinceMs, ...(pid !== undefined && { pid }) };
  }

  /** Stops the program and whatever it started; killed when it does not obey in time. */
  async stop(): Promise<void> {
    if (this.isStopped()) return;
    this.enter('stopped');
    this.stopping.abort();
    if (this.identity) await stopGroup(this.identity, this.spec.stopSignal);
    await removeServerRecord(this.home, this.spec.name);
  }

  private launch(): void {
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
    this.identity = child.pid === undefined ? undefined : identityOf(child.pid);
    child.on('error', () => undefined); // a program that is not there never has a pid: untilHealthy sees it
    // While it starts, whoever started it looks for its end; a second restart beside theirs would double it.
    child.once('exit', () => {
      if (this.child === child && this.state === 'healthy') void this.restart('ended');
    });
    this.record();
  }

  /** A program that runs but says nothing any more is treated as one that died. */
  private async watch(): Promise<void> {
    const { questionIntervalMs, silencesMax } = this.patience;
    let silences = 0;
    while (!this.isOver()) {
      await this.wait(questionIntervalMs);
      const asked = this.child;
      const isSilent = this.state === 'healthy' && !(await this.isResponsive());
      // It may have died meanwhile, and another process have taken its place.
      silences = isSilent && this.child === asked && this.isHealthy() ? silences + 1 : 0;
      if (silences < silencesMax) continue;
      silences = 0;
      await this.restart(`hangs, ${silencesMax} questions were not answered`);
    }
  }

  private async isResponsive(): Promise<boolean> {
    const { isResponsive = this.spec.isHealthy } = this.spec;
    const settled = new AbortController();
    const late = sleep(this.patience.answerTimeoutMs, false, { signal: settled.signal });
    const answered = await Promise.race([isResponsive(), late]).catch(() => false);
    settled.abort();
    return answered;
  }

  /** Tries again, ever less often, until it answers or was tried too often in a row. */
  private async restart(reason: string): Promise<void> {
    if (this.isOver()) return;
    if (Date.now() - this.sinceMs >= this.patience.forgivenAfterMs) this.restartsInRow = 0;
    this.enter('restarting', reason);
    while (this.state === 'restarting') {
      // One that runs but does not answer must go before the next: both would want the port.
      if (this.identity) await stopGroup(this.identity, this.spec.stopSignal);
      if (this.restartsInRow >= this.patience.restartsMax) return this.giveUp(reason);
      await this.wait(Math.min(restartWaitMs * 2 ** this.restartsInRow, restartWaitMaxMs));
      if (this.isOver()) return;
      this.restarts += 1;
      this.restartsInRow += 1;
      try {
        this.launch();
        await this.untilHealthy();
        if (this.state === 'restarting' && this.isRunning()) this.enter('healthy');
      } catch {
        // Its log says why; the next turn tries again or gives up.
      }
    }
  }

  private giveUp(reason: string): void {
    if (this.isOver()) return;
    this.enter('failed', `${reason}; given up`);
    const { name } = this.spec;
    const message = `${name} was started ${this.restartsInRow} times in a row and did not stay (${reason}); its log: ${this.logFile()}`;
    this.onGivenUp(new Failure('SERVER_GIVEN_UP', message, { server: name, log: this.logFile() }));
  }

  /** Waits, or not when it is to stop. */
  private async wait(forMs: number): Promise<void> {
    await sleep(forMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private isHealthy(): boolean {
    return this.state === 'healthy';
  }

  private isOver(): boolean {
    return this.state === 'stopped' || this.state === 'failed';
  }

  private isStopped(): boolean {
    return this.state === 'stopped';
  }

  private isRunning(): boolean {
    const { child } = this;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }

  private async untilHealthy(): Promise<void> {
    const deadlineMs = Date.now() + this.spec.startTimeoutMs;
    while (Date.now() < deadlineMs && !this.isStopped() && this.isRunning()) {
      if (await this.spec.isHealthy().catch(() => false)) return;
      await sleep(pollMs);
    }
    if (this.isStopped()) return;
    const log = existsSync(this.logFile()) ? await readFile(this.logFile(), 'utf8') : '';
    const last = log.trim().split('\n').slice(-5).join('\n');
    const what = this.isRunning()
      ? `did not answer within ${this.spec.startTimeoutMs / 1000} s`
      : 'ended while starting';
    const message = `${this.spec.name} ${what}; its log ends:\n${last}`;
    throw new Failure('SERVER_NOT_STARTED', message, { server: this.spec.name, log: this.logFile() });
  }

  private enter(state: ServerState, reason?: string): void {
    this.state = state;
    this.sinceMs = Date.now();
    this.record();
    const line = `${new Date(this.sinceMs).toISOString()} ${this.spec.name} ${state}, ${this.restarts} restarts${reason === undefined ? '' : ` (${reason})`}\n`;
    appendFileSync(path.join(this.home, 'logs', 'stack.log'), line);
  }

  private record(): void {
    const { identity, state, restarts, sinceMs } = this;
    const { name, stopSignal } = this.spec;
    if (identity) writeServerRecord(this.home, { ...identity, name, state, stopSignal, restarts, sinceMs });
  }

  private logFile(): string {
    return path.join(this.home, 'logs', `${this.spec.name}.log`);
  }
}
