import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { OnnxOptions } from '../onnx/onnxSession.ts';
import { converse, type JobWatch } from './converse.ts';
import type { JobAnswers, ModelJob } from './protocol.ts';
import { Slots } from './slots.ts';

const program = new URL('modelProcess.ts', import.meta.url);
const typeScriptLoader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const idleStopMs = 60_000;

/**
 * The processes in which models compute, at most `processesMax` at a time, started when there is work, kept warm
 * between jobs and let go when idle. Each does one job at a time.
 */
export class ModelProcesses {
  private readonly slots: Slots;
  private readonly idle = new Map<ChildProcess, { readonly expiry: NodeJS.Timeout; readonly threads: number }>();
  private readonly onOutput: ((output: Readable) => void) | undefined;
  private stopped = false;

  /** Where models compute that forecast. */
  readonly inference: OnnxOptions;

  /** @param onOutput gets what a process prints, by itself or by its libraries; absent, it goes to our stderr */
  constructor(
    processesMax: number,
    onOutput?: (output: Readable) => void,
    inference: OnnxOptions = { provider: 'cpu', threads: 1 },
  ) {
    this.inference = inference;
    this.onOutput = onOutput;
    this.slots = new Slots(processesMax);
  }

  /**
   * Does a job; waits while all processes are busy.
   * @throws Failure MODEL_PROCESS_DIED when the process ended under it, the failure the job itself met, or the reason
   *   of the signal, within a second of its abort
   */
  async perform<Kind extends ModelJob['kind']>(
    job: Extract<ModelJob, { readonly kind: Kind }>,
    watch: JobWatch<Kind> = {},
  ): Promise<JobAnswers[Kind]> {
    await this.slots.take(watch.signal);
    const threads = 'threads' in job ? (job.threads ?? 1) : 1;
    const child = this.takeIdle(threads) ?? this.start(threads);
    try {
      const answer = await converse<Kind>(child, job, watch);
      this.keep(child, threads);
      return answer;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      this.slots.give();
    }
  }

  /** Ends every idle process; busy ones end with their jobs. */
  stop(): void {
    this.stopped = true;
    for (const child of this.idle.keys()) {
      this.forget(child);
      child.kill('SIGKILL');
    }
  }

  private start(threads: number): ChildProcess {
    const env = {
      ...process.env,
      // One thread an operation, so that results stay equal bit for bit; towers may compute side by side.
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: String(threads),
      TF_CPP_MIN_LOG_LEVEL: '2',
    };
    const errors = this.onOutput ? 'pipe' : 'inherit';
    const execArgv = ['--import', typeScriptLoader];
    const child = fork(program, [], { env, execArgv, stdio: ['ignore', 'ignore', errors, 'ipc'] });
    if (child.stderr) this.onOutput?.(child.stderr);
    // What dies while it is idle is forgotten; under a job the conversation tells of it.
    child.on('exit', () => this.forget(child));
    child.on('error', () => this.forget(child));
    return child;
  }

  private keep(child: ChildProcess, threads: number): void {
    if (this.stopped || !child.connected) {
      child.kill('SIGKILL');
      return;
    }
    const expire = (): void => {
      this.forget(child);
      child.kill('SIGKILL');
    };
    this.idle.set(child, { expiry: setTimeout(expire, idleStopMs).unref(), threads });
  }

  private takeIdle(threads: number): ChildProcess | undefined {
    for (const [child, idle] of this.idle) {
      if (idle.threads !== threads) continue;
      this.forget(child);
      if (child.connected) return child;
      child.kill('SIGKILL');
    }
    return undefined;
  }

  private forget(child: ChildProcess): void {
    clearTimeout(this.idle.get(child)?.expiry);
    this.idle.delete(child);
  }
}
