import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ModelJob } from '#models/process/protocol.ts';
import { seededRandom } from '#domain/random.ts';
import { encodeTensors } from '#models/tensorFile.ts';

/** A training job. */
export type TrainingJob = Extract<ModelJob, { kind: 'train' }>;

const features = 4;
const windowSessions = 10;

/** A folder with random samples, and small jobs over them. */
export interface JobFolder {
  readonly path: string;
  /** A job that writes its artifact into a folder of the given name. */
  job(output: string, more?: Partial<TrainingJob>): TrainingJob;
  /** Random inputs of so many samples. */
  inputs(count: number): Float32Array;
  remove(): void;
}

/** Makes a folder of samples; the same seed gives the same samples. */
export function makeJobFolder(seed: number): JobFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-models-'));
  const random = seededRandom(seed, 0);
  const floats = (count: number): Float32Array => Float32Array.from({ length: count }, () => random() - 0.5);
  const inputs = (count: number): Float32Array => floats(count * windowSessions * features);
  const tensors = {
    trainingInputs: inputs(200),
    trainingLabels: floats(200),
    validationInputs: inputs(50),
    validationLabels: floats(50),
  };
  const dataFile = path.join(folder, 'data');
  writeFileSync(dataFile, encodeTensors(tensors));
  return {
    path: folder,
    inputs,
    job: (output, more = {}) => {
      const sizes = { windowSessions, filters: 4, units: 4, epochs: 6, batchSize: 32, towers: 1, dropout: 0 } as const;
      const learning = { learningRate: 0.001, patienceEpochs: 50, clipNorm: 1, validationFraction: 0.2, seed: 7 };
      const spec = { kind: 'cnn-lstm', ...sizes, ...learning } as const;
      return { kind: 'train', spec, features, dataFile, outputFolder: path.join(folder, output), ...more };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Process ids of a process's children that run the model program. */
export function modelChildren(parent: number): readonly number[] {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
  return children
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((pid) => runsModels(pid));
}

function runsModels(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('modelProcess');
}

/** Whether a process computes on: one that ended, collected by its parent or not, does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
