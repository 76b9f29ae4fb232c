import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ModelProcesses } from '#models/process/modelProcessClient.ts';
import { isRunning, makeJobFolder, modelChildren, type JobFolder, type TrainingJob } from './trainingJobs.ts';

let folder: JobFolder;
let processes = new ModelProcesses(1);
beforeAll(() => {
  folder = makeJobFolder(6);
});
afterEach(() => {
  processes.stop();
  processes = new ModelProcesses(1);
});
afterAll(() => folder.remove());

/** A job that takes far longer than any test. */
function longJob(output: string): TrainingJob {
  const { spec, ...rest } = folder.job(output);
  return { ...rest, spec: { ...spec, epochs: 1_000_000, patienceEpochs: 1_000_000 } };
}

async function until(holds: () => boolean, timeoutMs: number): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!holds() && performance.now() < deadlineMs) await delay(20);
  expect(holds()).toBe(true);
}

describe('the model process, when things go wrong', () => {
  it('is replaced when it died while idle', async () => {
    await processes.perform(folder.job('first'));
    const idle = modelChildren(process.pid);
    for (const pid of idle) process.kill(pid, 'SIGKILL');
    // Gone, not only dead: threads of its libraries may outlive its first one, and only then are we told.
    await until(() => idle.every((pid) => !existsSync(`/proc/${pid}`)), 20_000);
    await delay(50);
    await expect(processes.perform(folder.job('second'))).resolves.toMatchObject({ bestEpoch: expect.any(Number) });
  });

  it('is one process over many jobs, and none of them leaves anything behind in the worker', async () => {
    const warnings: string[] = [];
    const hear = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', hear);
    await processes.perform(folder.job('many'));
    const [pid] = modelChildren(process.pid);
    for (let round = 0; round < 12; round += 1) await processes.perform(folder.job('many'));
    await delay(50);
    process.off('warning', hear);
    expect(modelChildren(process.pid)).toEqual([pid]);
    expect(warnings).toEqual([]);
  });

  it('is killed within a second of an abort, mid-epoch', async () => {
    const stop = new AbortController();
    const running = processes.perform(longJob('aborted'), {
      signal: stop.signal,
      onReport: ({ epoch }) => epoch === 2 && stop.abort(new Error('no longer wanted')),
    });
    await expect(running).rejects.toThrow('no longer wanted');
    await until(() => modelChildrenRunning() === 0, 1_000);
  });

  it('is not waited for by an aborted job', async () => {
    const first = new AbortController();
    const second = new AbortController();
    const running = processes.perform(longJob('slot'), { signal: first.signal });
    const queued = processes.perform(longJob('queued'), { signal: second.signal });
    second.abort(new Error('left the queue'));
    await expect(queued).rejects.toThrow('left the queue');
    first.abort(new Error('done'));
    await expect(running).rejects.toThrow('done');
    // The slot is free again: neither job holds it.
    await expect(processes.perform(folder.job('after'))).resolves.toBeDefined();
  });

  it('runs as many jobs side by side as it may, and the others after them', async () => {
    const pair = new ModelProcesses(2);
    const summaries = ['a', 'b', 'c', 'd', 'e'].map((name) => pair.perform(folder.job(name)));
    await until(() => modelChildrenRunning() === 2, 20_000);
    expect(await Promise.all(summaries)).toHaveLength(5);
    expect(modelChildren(process.pid)).toHaveLength(2);
    pair.stop();
  });

  it('says what the failure was about', async () => {
    const wide = { ...folder.job('wide'), features: 3 };
    await expect(processes.perform(wide)).rejects.toMatchObject({
      code: 'MODEL_SHAPE_MISMATCH',
      details: { operation: expect.any(String) },
    });
  });

  it('ends with its parent, even in the middle of a training', async () => {
    const jobFile = path.join(folder.path, 'orphan.json');
    writeFileSync(jobFile, JSON.stringify(longJob('orphan')));
    const program = fileURLToPath(new URL('orphanParent.ts', import.meta.url));
    const parent = spawn(process.execPath, ['--import', 'tsx', program, jobFile], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = Number(line.toString());
    expect(isRunning(child)).toBe(true);
    process.kill(parent.pid!, 'SIGKILL');
    await until(() => !isRunning(child), 2_000);
  });
});

function modelChildrenRunning(): number {
  return modelChildren(process.pid).filter((pid) => isRunning(pid)).length;
}
