import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { isFailure } from '#domain/failure.ts';
import { checkpointOwner, decodeCheckpoint, encodeCheckpoint } from '../checkpoint.ts';
import { forecasterFiles, loadForecaster } from '../forecaster.ts';
import { onnxRuntimeVersion } from '../onnx/onnxSession.ts';
import { decodeTensors } from '../tensorFile.ts';
import { computingEnvironment } from '../tensorflow.ts';
import { train, type SampleSet } from '../training.ts';
import { performAgentTraining, performEnsembles } from './agentJobs.ts';
import type { JobAnswers, ModelJob, ModelMessage, TrainingSummary } from './protocol.ts';
import { filesOf, replaceFile } from './jobFiles.ts';

// The child process in which TensorFlow computes: it blocks its event loop, which a worker must not. It does one job
// after the other and ends when its parent does.

const tell = (message: ModelMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()));

const parent = process.ppid;
process.on('disconnect', () => process.exit(0));
process.on('message', (job: ModelJob) => {
  void perform(job).then(
    (answer) => tell({ kind: 'done', ...(answer && { answer }) }),
    (error: unknown) =>
      tell({
        kind: 'failed',
        message: error instanceof Error ? error.message : String(error),
        ...(isFailure(error) && { code: error.code, details: error.details }),
      }),
  );
});

function perform(job: ModelJob): Promise<JobAnswers[ModelJob['kind']]> {
  switch (job.kind) {
    case 'train':
      return performTraining(job);
    case 'predict':
      return performPrediction(job);
    case 'trainAgent':
      return performAgentTraining(job, {
        tell: (report) => tell({ kind: 'report', report }),
        onStep: endWithoutParent,
      });
    case 'playEnsembles':
      break;
  }
  return performEnsembles(job);
}

async function performTraining(job: Extract<ModelJob, { kind: 'train' }>): Promise<TrainingSummary> {
  const bytes = readFileSync(job.dataFile);
  const { tensors } = decodeTensors(bytes);
  const set = (part: string): SampleSet => ({ inputs: tensors[`${part}Inputs`]!, labels: tensors[`${part}Labels`]! });
  const { checkpointFile, spec, features } = job;
  const owner = checkpointOwner({ spec, features, data: bytes });
  const isResumed = checkpointFile !== undefined && existsSync(checkpointFile);
  const network = await train({
    spec,
    data: { features, training: set('training'), validation: set('validation') },
    clockMs: () => performance.now(),
    untilEpoch: job.untilEpoch,
    ...(isResumed && { resumeFrom: decodeCheckpoint(readFileSync(checkpointFile), owner) }),
    onBatch: endWithoutParent,
    async onEpoch(report, state) {
      if (checkpointFile !== undefined) replaceFile(checkpointFile, encodeCheckpoint(state, owner));
      await tell({ kind: 'report', report });
    },
  });
  mkdirSync(job.outputFolder, { recursive: true });
  for (const [name, bytes] of Object.entries(forecasterFiles(network, spec, features))) {
    writeFileSync(path.join(job.outputFolder, name), bytes);
  }
  const { curve, bestEpoch, serving } = network;
  const environment = { ...computingEnvironment(), onnxRuntime: onnxRuntimeVersion() };
  return { curve, bestEpoch, serving, environment };
}

async function performPrediction(job: Extract<ModelJob, { kind: 'predict' }>): Promise<undefined> {
  const forecaster = await loadForecaster(filesOf(job.artifactFolder), job.inference);
  try {
    const forecasts = await forecaster.predict(decodeTensors(readFileSync(job.dataFile)).tensors.inputs!);
    writeFileSync(job.outputFile, JSON.stringify(forecasts));
  } finally {
    await forecaster.release();
  }
  return undefined;
}

/** TensorFlow lets no event in while it computes, so a parent that is gone is looked for, not heard of. */
function endWithoutParent(): void {
  if (process.ppid !== parent) process.exit(0);
}
