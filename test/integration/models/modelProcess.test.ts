import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelProcesses } from '#models/process/modelProcessClient.ts';
import { encodeTensors } from '#models/tensorFile.ts';
import { makeJobFolder, modelChildren, type JobFolder } from './trainingJobs.ts';

let folder: JobFolder;
const processes = new ModelProcesses(2);
beforeAll(() => {
  folder = makeJobFolder(5);
});
afterAll(() => {
  processes.stop();
  folder.remove();
});

describe('the model process', () => {
  it('trains, tells every epoch and predicts from what it wrote', async () => {
    const epochs: number[] = [];
    const summary = await processes.perform(folder.job('a'), { onReport: ({ epoch }) => epochs.push(epoch) });
    expect(epochs).toEqual([1, 2, 3, 4, 5, 6]);
    expect(summary?.curve).toHaveLength(6);
    expect(summary?.environment).toMatchObject({ node: process.versions.node, intraOpThreads: '1' });
    expect(summary?.environment.tensorflow).toMatch(/^2\.\d+\.\d+/);
    const [dataFile, outputFile] = [path.join(folder.path, 'inputs'), path.join(folder.path, 'outputs')];
    writeFileSync(dataFile, encodeTensors({ inputs: folder.inputs(3) }));
    await processes.perform({ kind: 'predict', artifactFolder: path.join(folder.path, 'a'), dataFile, outputFile });
    expect(JSON.parse(readFileSync(outputFile, 'utf8'))).toHaveLength(3);
  });

  it('forecasts where it is told to, or says that it cannot (ONNX_PROVIDER_MISSING)', async () => {
    await processes.perform(folder.job('cuda'));
    const [dataFile, outputFile] = [path.join(folder.path, 'cudaInputs'), path.join(folder.path, 'cudaOutputs')];
    writeFileSync(dataFile, encodeTensors({ inputs: folder.inputs(3) }));
    const inference = { provider: 'cuda', threads: 1 } as const;
    const job = { kind: 'predict', artifactFolder: path.join(folder.path, 'cuda'), dataFile, outputFile } as const;
    const outcome = await processes.perform({ ...job, inference }).then(
      () => 'forecast',
      (error: unknown) => (error as { readonly code: string }).code,
    );
    expect(['forecast', 'ONNX_PROVIDER_MISSING']).toContain(outcome);
  });

  it('goes on from its checkpoint after a kill, to the same bytes', async () => {
    const whole = await processes.perform(folder.job('whole'));
    const stop = new AbortController();
    const checkpointFile = path.join(folder.path, 'checkpoint');
    const cut = processes.perform(folder.job('cut', { checkpointFile }), {
      signal: stop.signal,
      onReport: ({ epoch }) => epoch === 3 && stop.abort(new Error('killed')),
    });
    await expect(cut).rejects.toThrow('killed');
    const epochs: number[] = [];
    const resumed = await processes.perform(folder.job('cut', { checkpointFile }), {
      onReport: ({ epoch }) => epochs.push(epoch),
    });
    expect(epochs[0]).toBeGreaterThan(1);
    expect(resumed?.bestEpoch).toBe(whole?.bestEpoch);
    const bytes = (name: string): Buffer => readFileSync(path.join(folder.path, name, 'weights.bin'));
    expect(bytes('cut').equals(bytes('whole'))).toBe(true);
  });

  it('does not go on from the checkpoint of another training (CHECKPOINT_FOREIGN)', async () => {
    const checkpointFile = path.join(folder.path, 'other.checkpoint');
    await processes.perform(folder.job('other', { checkpointFile }));
    const { spec } = folder.job('other');
    const another = processes.perform(folder.job('other', { checkpointFile, spec: { ...spec, seed: 8 } }));
    await expect(another).rejects.toMatchObject({ code: 'CHECKPOINT_FOREIGN' });
  });

  it('hands the failure of a job on with its code (TRAINING_DATA_EMPTY)', async () => {
    const dataFile = path.join(folder.path, 'empty');
    const none = new Float32Array();
    const tensors = { trainingInputs: none, trainingLabels: none, validationInputs: none, validationLabels: none };
    writeFileSync(dataFile, encodeTensors(tensors));
    await expect(processes.perform(folder.job('b', { dataFile }))).rejects.toMatchObject({
      code: 'TRAINING_DATA_EMPTY',
    });
  });

  it('says MODEL_PROCESS_DIED when it is killed under a job', async () => {
    const dying = processes.perform(folder.job('c', { spec: { ...folder.job('c').spec, epochs: 5_000 } }), {
      onReport: ({ epoch }) => {
        if (epoch === 2) for (const pid of modelChildren(process.pid)) process.kill(pid, 'SIGKILL');
      },
    });
    await expect(dying).rejects.toMatchObject({ code: 'MODEL_PROCESS_DIED' });
  });
});
