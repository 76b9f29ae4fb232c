import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { isFailure } from '#domain/failure.ts';
import { forecasterFiles, loadForecaster } from '../forecaster.ts';
import { decodeTensors, encodeTensors } from '../tensorFile.ts';
import { train, type SampleSet, type TrainingState } from '../training.ts';
import type { ModelJob, ModelMessage, TrainingSummary } from './protocol.ts';

// The child process in which TensorFlow computes: it blocks its event loop, which a worker must not. It does one job
// after the other and ends when its parent does.

const tell = (message: ModelMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()));

process.on('disconnect', () => process.exit(0));
process.on('message', (job: ModelJob) => {
  void perform(job).then(
    (summary) => tell({ kind: 'done', ...(summary && { summary }) }),
    (error: unknown) =>
      tell({
        kind: 'failed',
        message: error instanceof Error ? error.message : String(error),
        ...(isFailure(error) && { code: error.code }),
      }),
  );
});

async function perform(job: ModelJob): Promise<TrainingSummary | undefined> {
  switch (job.kind) {
    case 'train':
      return performTraining(job);
    case 'predict':
      await performPrediction(job);
      return undefined;
  }
}

async function performTraining(job: Extract<ModelJob, { kind: 'train' }>): Promise<TrainingSummary> {
  const { tensors } = decodeTensors(readFileSync(job.dataFile));
  const set = (part: string): SampleSet => ({ inputs: tensors[`${part}Inputs`]!, labels: tensors[`${part}Labels`]! });
  const { checkpointFile, spec, features } = job;
  const resumeFrom = checkpointFile === undefined ? undefined : readCheckpoint(checkpointFile);
  const network = await train({
    spec,
    data: { features, training: set('training'), validation: set('validation') },
    clockMs: () => performance.now(),
    ...(resumeFrom && { resumeFrom }),
    async onEpoch(report, state) {
      if (checkpointFile !== undefined) writeCheckpoint(checkpointFile, state);
      await tell({ kind: 'epoch', report });
    },
  });
  mkdirSync(job.outputFolder, { recursive: true });
  for (const [name, bytes] of Object.entries(forecasterFiles(network, spec, features))) {
    writeFileSync(path.join(job.outputFolder, name), bytes);
  }
  return { curve: network.curve, bestEpoch: network.bestEpoch };
}

async function performPrediction(job: Extract<ModelJob, { kind: 'predict' }>): Promise<void> {
  const names = readdirSync(job.artifactFolder);
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(path.join(job.artifactFolder, name))]));
  const forecasts = await loadForecaster(files).predict(decodeTensors(readFileSync(job.dataFile)).tensors.inputs!);
  const tensors = {
    mean: Float32Array.from(forecasts, ({ mean }) => mean),
    standardDeviation: Float32Array.from(forecasts, ({ standardDeviation }) => standardDeviation),
  };
  writeFileSync(job.outputFile, encodeTensors(tensors));
}

/** A checkpoint replaces the one before in one step: a reader never sees half. */
function writeCheckpoint(file: string, { variables, best, ...progress }: TrainingState): void {
  const prefixed = (prefix: string, tensors: TrainingState['best']): [string, Float32Array][] =>
    Object.entries(tensors).map(([name, values]) => [`${prefix}:${name}`, values]);
  const tensors = Object.fromEntries([...prefixed('variables', variables), ...prefixed('best', best)]);
  // Before the first epoch that counts the best loss is infinite, which JSON would turn into null.
  writeFileSync(`${file}.part`, encodeTensors(tensors, { ...progress, bestLoss: String(progress.bestLoss) }));
  renameSync(`${file}.part`, file);
}

function readCheckpoint(file: string): TrainingState | undefined {
  if (!existsSync(file)) return undefined;
  const { tensors, meta } = decodeTensors(readFileSync(file));
  const part = (prefix: string): Record<string, Float32Array> =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => name.startsWith(`${prefix}:`))
        .map(([name, values]) => [name.slice(prefix.length + 1), values]),
    );
  const progress = meta as unknown as Omit<TrainingState, 'variables' | 'best' | 'bestLoss'> & { bestLoss: string };
  return { ...progress, bestLoss: Number(progress.bestLoss), variables: part('variables'), best: part('best') };
}
