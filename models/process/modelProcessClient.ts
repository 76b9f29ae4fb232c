import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Failure } from '#domain/failure.ts';
import { isFailureCode } from '#domain/failures/catalogue.ts';
import type { EpochReport } from '../training.ts';
import type { ModelJob, ModelMessage, TrainingSummary } from './protocol.ts';

/** How a job is watched. */
export interface JobWatch {
  readonly onEpoch?: (report: EpochReport) => void;
  /** Kills the process, and so the job, at once. */
  readonly signal?: AbortSignal;
}

const program = new URL('modelProcess.ts', import.meta.url);
const typeScriptLoader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const idleStopMs = 60_000;

/**
 * The processes in which models compute, at most `processesMax` at a time, started when there is work, kept warm
 * between jobs and let go when idle. Each does one job at a time.
 */
export class ModelProcesses {
  private readonly processesMax: number;
  private readonly idle: ChildProcess[] = [];
  private readonly waiting: (() => void)[] = [];
  private busy = 0;

  constructor(processesMax: number) {
    this.processesMax = processesMax;
  }

  /**
   * Does a job.
   * @throws Failure MODEL_PROCESS_DIED when the process ended under it, or the failure the job itself met
   */
  async perform(job: ModelJob, watch: JobWatch = {}): Promise<TrainingSummary | undefined> {
    while (this.busy >= this.processesMax) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.busy += 1;
    const child = this.idle.pop() ?? start();
    try {
      const summary = await converse(child, job, watch);
      this.keep(child);
      return summary;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      this.busy -= 1;
      this.waiting.shift()?.();
    }
  }

  /** Ends every idle process; busy ones end with their jobs. */
  stop(): void {
    for (const child of this.idle.splice(0)) child.kill('SIGKILL');
  }

  private keep(child: ChildProcess): void {
    this.idle.push(child);
    const timer = setTimeout(() => {
      const place = this.idle.indexOf(child);
      if (place >= 0) this.idle.splice(place, 1);
      child.kill('SIGKILL');
    }, idleStopMs);
    timer.unref();
    // Whether it is used again or not, its time is up only while it lies idle.
    const forget = (): void => clearTimeout(timer);
    child.once('exit', forget);
    child.once('plimsoll:job', forget);
  }
}

function start(): ChildProcess {
  const env = {
    ...process.env,
    // One thread a process: windows are judged side by side, and results stay equal bit for bit.
    TF_NUM_INTRAOP_THREADS: '1',
    TF_NUM_INTEROP_THREADS: '1',
    TF_CPP_MIN_LOG_LEVEL: '2',
  };
  return fork(program, [], {
    env,
    execArgv: ['--import', typeScriptLoader],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

function converse(
  child: ChildProcess,
  job: ModelJob,
  { onEpoch, signal }: JobWatch,
): Promise<TrainingSummary | undefined> {
  child.emit('plimsoll:job');
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      child.off('message', hear);
      child.off('exit', died);
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const died = (): void => {
      const message = 'the model process ended under its job: out of memory, or killed';
      finish(() => reject(new Failure('MODEL_PROCESS_DIED', message, { job: job.kind })));
    };
    const abort = (): void => finish(() => reject(signal?.reason as Error));
    const hear = (message: ModelMessage): void => {
      switch (message.kind) {
        case 'epoch':
          onEpoch?.(message.report);
          return;
        case 'done':
          finish(() => resolve(message.summary));
          return;
        case 'failed':
          finish(() => reject(failureOf(message)));
      }
    };
    child.on('message', hear);
    child.on('exit', died);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
    child.send(job);
  });
}

function failureOf({ code, message }: Extract<ModelMessage, { kind: 'failed' }>): Error {
  return code !== undefined && isFailureCode(code) ? new Failure(code, message) : new Error(message);
}
