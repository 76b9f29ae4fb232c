import type { ChildProcess } from 'node:child_process';
import { Failure } from '#domain/failure.ts';
import { isFailureCode } from '#domain/failures/catalogue.ts';
import type { JobAnswers, JobReports, ModelJob, ModelMessage } from './protocol.ts';

/** How a job is watched. */
export interface JobWatch<Kind extends ModelJob['kind'] = ModelJob['kind']> {
  /** Hears of every epoch of a training, and of every stretch of an agent's. */
  readonly onReport?: (report: JobReports[Kind]) => void;
  /** Kills the process, and so the job, at once. */
  readonly signal?: AbortSignal;
}

/**
 * Gives a job to a model process and hears it out. It leaves no listener behind; ending a process whose job failed is
 * the caller's.
 * @throws Failure MODEL_PROCESS_DIED when the process ended or cannot be reached; the failure the job met; the signal's
 *   reason when it is aborted
 */
export function converse<Kind extends ModelJob['kind']>(
  child: ChildProcess,
  job: Extract<ModelJob, { readonly kind: Kind }>,
  { onReport, signal }: JobWatch<Kind>,
): Promise<JobAnswers[Kind]> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      child.off('message', hear);
      child.off('exit', exited);
      child.off('error', failed);
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const exited = (code: number | null, by: NodeJS.Signals | null): void => {
      const message = 'the model process ended under its job: out of memory, or killed';
      finish(() => reject(new Failure('MODEL_PROCESS_DIED', message, { job: job.kind, code, signal: by })));
    };
    const failed = (cause: Error): void => {
      const message = `the model process cannot be started or reached: ${cause.message}`;
      finish(() => reject(new Failure('MODEL_PROCESS_DIED', message, { job: job.kind }, { cause })));
    };
    const abort = (): void => finish(() => reject(signal?.reason as Error));
    const hear = (message: ModelMessage): void => {
      switch (message.kind) {
        case 'report':
          // What a watcher throws must not go unheard, nor end the process that this runs in.
          try {
            onReport?.(message.report as JobReports[Kind]);
          } catch (error) {
            finish(() => reject(error));
          }
          return;
        case 'done':
          finish(() => resolve(message.answer as JobAnswers[Kind]));
          return;
        case 'failed':
          finish(() => reject(failureOf(message)));
      }
    };
    child.on('message', hear);
    child.on('exit', exited);
    child.on('error', failed);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    else child.send(job, (error) => error && failed(error));
  });
}

function failureOf({ code, message, details }: Extract<ModelMessage, { kind: 'failed' }>): Error {
  return code !== undefined && isFailureCode(code) ? new Failure(code, message, details) : new Error(message);
}
