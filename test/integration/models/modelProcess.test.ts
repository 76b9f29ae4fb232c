import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelProcesses } from '#models/process/modelProcessClient.ts';
import type { ModelJob } from '#models/process/protocol.ts';
import { seededRandom } from '#models/random.ts';
import { decodeTensors, encodeTensors } from '#models/tensorFile.ts';

const random = seededRandom(5, 0);
const floats = (count: number): Float32Array => Float32Array.from({ length: count }, () => random() - 0.5);
let folder: string;
const processes = new ModelProcesses(2);
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-models-'));
  const tensors = {
    trainingInputs: floats(200 * 40),
    trainingLabels: floats(200),
    validationInputs: floats(50 * 40),
    validationLabels: floats(50),
  };
  writeFileSync(path.join(folder, 'data'), encodeTensors(tensors));
});
afterAll(() => {
  processes.stop();
  rmSync(folder, { recursive: true });
});

function job(
  output: string,
  more: Partial<Extract<ModelJob, { kind: 'train' }>> = {},
): Extract<ModelJob, { kind: 'train' }> {
  const sizes = { windowSessions: 10, filters: 4, units: 4, epochs: 6, batchSize: 32 } as const;
  const learning = { learningRate: 0.001, patienceEpochs: 50, clipNorm: 1, validationFraction: 0.2, seed: 7 } as const;
  return {
    kind: 'train',
    spec: { kind: 'cnn-lstm', ...sizes, ...learning },
    features: 4,
    dataFile: path.join(folder, 'data'),
    outputFolder: path.join(folder, output),
    ...more,
  };
}

describe('the model process', () => {
  it('trains, tells every epoch and predicts from what it wrote', async () => {
    const epochs: number[] = [];
    const summary = await processes.perform(job('a'), { onEpoch: ({ epoch }) => epochs.push(epoch) });
    expect(epochs).toEqual([1, 2, 3, 4, 5, 6]);
    expect(summary?.curve).toHaveLength(6);
    const [dataFile, outputFile] = [path.join(folder, 'inputs'), path.join(folder, 'outputs')];
    writeFileSync(dataFile, encodeTensors({ inputs: floats(3 * 40) }));
    await processes.perform({ kind: 'predict', artifactFolder: path.join(folder, 'a'), dataFile, outputFile });
    expect(decodeTensors(readFileSync(outputFile)).tensors.mean).toHaveLength(3);
  });

  it('goes on from its checkpoint after a kill, to the same bytes', async () => {
    const whole = await processes.perform(job('whole'));
    const stop = new AbortController();
    const checkpointFile = path.join(folder, 'checkpoint');
    const cut = processes.perform(job('cut', { checkpointFile }), {
      signal: stop.signal,
      onEpoch: ({ epoch }) => epoch === 3 && stop.abort(new Error('killed')),
    });
    await expect(cut).rejects.toThrow('killed');
    const epochs: number[] = [];
    const resumed = await processes.perform(job('cut', { checkpointFile }), {
      onEpoch: ({ epoch }) => epochs.push(epoch),
    });
    expect(epochs[0]).toBeGreaterThan(1);
    expect(resumed?.bestEpoch).toBe(whole?.bestEpoch);
    const bytes = (name: string): Buffer => readFileSync(path.join(folder, name, 'weights.bin'));
    expect(bytes('cut').equals(bytes('whole'))).toBe(true);
  });

  it('hands the failure of a job on with its code (TRAINING_DATA_EMPTY)', async () => {
    const dataFile = path.join(folder, 'empty');
    const none = new Float32Array();
    const tensors = { trainingInputs: none, trainingLabels: none, validationInputs: none, validationLabels: none };
    writeFileSync(dataFile, encodeTensors(tensors));
    await expect(processes.perform(job('b', { dataFile }))).rejects.toMatchObject({ code: 'TRAINING_DATA_EMPTY' });
  });

  it('says MODEL_PROCESS_DIED when it is killed under a job', async () => {
    const dying = processes.perform(job('c', { spec: { ...job('c').spec, epochs: 5_000 } }), {
      onEpoch: ({ epoch }) => {
        if (epoch === 2) processKill();
      },
    });
    await expect(dying).rejects.toMatchObject({ code: 'MODEL_PROCESS_DIED' });
  });
});

/** Kills the children of this test's process that run the model program. */
function processKill(): void {
  const own = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').map(Number);
  for (const pid of own) {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('modelProcess')) process.kill(pid, 'SIGKILL');
  }
}
