import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import { canonicalJson } from '#domain/canonicalJson.ts';
import type { ArtifactOrigin } from '#domain/artifact.ts';
import type { EpochReport } from '#models/training.ts';
import type { TrainingSummary } from '#models/process/protocol.ts';
import { splitHoldout } from '#pipelines/holdout.ts';
import { learningCurveSvg } from '#pipelines/learningCurve.ts';
import { beating, type Tell } from './beating.ts';
import { followReports, type ShownReport } from './followReports.ts';
import { prepareTraining, readFeatures, type PreparedTraining } from './modelData.ts';
import { readSnapshot } from './snapshotStore.ts';
import { readFolder, trainingFile, withScratch } from './modelJobs.ts';
import { storeArtifact } from './storeArtifact.ts';
import { getJson, putJson } from './storedJson.ts';
import type { OpenTraining, TrainedArtifact, TrainingProgress, TrainingWorld } from './trainingActivities.ts';

/** The samples a request trains on: everything before the sessions that will score the candidate. */
export async function trainingPart(
  world: TrainingWorld,
  { request, identity }: OpenTraining,
): Promise<PreparedTraining> {
  const features = await readFeatures(world, identity.features);
  const { bars } = await readSnapshot(world, request.snapshotDigest);
  const plan = { heldBackSessions: 0, scoringSessions: request.holdoutSessions, purgeSessions: 0 };
  return prepareTraining({ features, bars }, splitHoldout(features.sessions, plan).training, request.training);
}

/** Trains in a model process; what was trained before is answered as it was. */
export function trainForecaster(world: TrainingWorld, training: OpenTraining): Promise<TrainedArtifact> {
  const { objects } = world;
  const { trainingDigest } = training.identity;
  const resultKey = `trainings/${trainingDigest}/result.json`;
  return beating(async (tell) => {
    if (await objects.exists(resultKey)) return getJson<TrainedArtifact>(objects, resultKey);
    const trained = await withScratch(async (folder) => {
      const network = await trainNetwork(world, training, { folder, tell });
      return keepArtifact(world, training, network);
    });
    await putJson(objects, resultKey, trained);
    return trained;
  });
}

/** A training for some of its epochs. */
export interface NetworkTraining {
  /** Scratch, gone afterwards. */
  readonly folder: string;
  readonly tell: Tell;
  /** Ends it after this epoch; absent: the spec alone decides. */
  readonly untilEpoch?: number;
}

interface TrainedFiles {
  readonly summary: TrainingSummary;
  readonly scaler: PreparedTraining['scaler'];
  /** Folder with the network's files. */
  readonly artifactFolder: string;
}

/** Trains in a model process from the last checkpoint on, keeping every epoch's. */
export async function trainNetwork(
  world: TrainingWorld,
  training: OpenTraining,
  { folder, tell, untilEpoch }: NetworkTraining,
): Promise<TrainedFiles> {
  const { objects, processes } = world;
  const { request, identity } = training;
  const { data, scaler } = await trainingPart(world, training);
  const file = (name: string): string => path.join(folder, name);
  await writeFile(file('data'), trainingFile(data));
  const checkpointKey = `trainings/${identity.trainingDigest}/checkpoint.bin`;
  if (await objects.exists(checkpointKey)) await writeFile(file('checkpoint'), await objects.get(checkpointKey));

  const { mlflowRunId } = training;
  const progress = followReports(
    world,
    { mlflowRunId, checkpointFile: file('checkpoint'), checkpointKey, tell },
    (report: EpochReport) => shownEpoch(request.training.epochs, data.training.labels.length, report),
  );
  const job = {
    kind: 'train',
    spec: request.training,
    features: data.features,
    threads: request.training.towers,
    dataFile: file('data'),
    checkpointFile: file('checkpoint'),
    ...(untilEpoch !== undefined && { untilEpoch }),
    outputFolder: file('artifact'),
  } as const;
  const signal = Context.current().cancellationSignal;
  const summary = await processes.perform(job, { onReport: progress.onReport, signal });
  await progress.settled();
  return { summary, scaler, artifactFolder: file('artifact') };
}

async function keepArtifact(
  world: TrainingWorld,
  training: OpenTraining,
  { summary, scaler, artifactFolder }: TrainedFiles,
): Promise<TrainedArtifact> {
  const { objects } = world;
  const extra = { 'scaler.json': scaler, 'features.json': training.request.features };
  for (const [name, value] of Object.entries(extra))
    await writeFile(path.join(artifactFolder, name), canonicalJson(value));
  const stored = await storeArtifact(objects, await readFolder(artifactFolder), originOf(world, training, summary));
  await publishCurve(world, training, summary);
  return { ...stored, ...figuresOf(summary) };
}

/** An epoch as MLflow and the heartbeats show it. */
function shownEpoch(epochs: number, samples: number, { epoch, ...figures }: EpochReport): ShownReport {
  const secondsLeft = Math.round(((epochs - epoch) * samples) / figures.samplesPerSecond);
  const progress: TrainingProgress = { epoch, epochs, secondsLeft, ...figures };
  return { step: epoch, figures, progress };
}

async function publishCurve(
  { registry }: TrainingWorld,
  { mlflowRunId }: OpenTraining,
  { curve, bestEpoch }: TrainingSummary,
): Promise<void> {
  const bytes = new TextEncoder().encode(learningCurveSvg(curve, bestEpoch));
  await registry.logArtifact(mlflowRunId, 'curves/learning.svg', { bytes, type: 'image/svg+xml' });
}

function originOf(
  { codeVersion }: TrainingWorld,
  { request, identity }: OpenTraining,
  summary: TrainingSummary,
): ArtifactOrigin {
  return {
    model: request.model,
    trainingDigest: identity.trainingDigest,
    snapshotDigest: request.snapshotDigest,
    featureDigest: identity.features.digest,
    codeVersion,
    spec: { ...request.training },
    seeds: { training: request.training.seed },
    metrics: metricsOf(summary),
    environment: summary.environment,
  };
}

/** Losses are mean squared errors of standardised labels; those of the variants are of some validation samples. */
function metricsOf({ curve, bestEpoch, serving }: TrainingSummary): Readonly<Record<string, number>> {
  const best = curve[bestEpoch - 1];
  const { float16, int8 } = serving.variants;
  return {
    epochs: curve.length,
    bestEpoch,
    ...(best && { trainingLoss: best.trainingLoss, validationLoss: best.validationLoss }),
    onnxParity: serving.parity,
    servedLoss: float16.meanSquaredErrorOfFloat32,
    float16Loss: float16.meanSquaredError,
    float16Difference: float16.largestDifference,
    int8Loss: int8.meanSquaredError,
    int8Difference: int8.largestDifference,
  };
}

/** Figures of a training: the rate is the median of its epochs. */
function figuresOf({
  curve,
  bestEpoch,
}: TrainingSummary): Pick<TrainedArtifact, 'samplesPerSecond' | 'epochs' | 'validationLoss'> {
  const rates = curve.map(({ samplesPerSecond }) => samplesPerSecond).sort((a, b) => a - b);
  const validationLoss = curve[bestEpoch - 1]?.validationLoss ?? Number.NaN;
  return { samplesPerSecond: rates[Math.floor(rates.length / 2)] ?? 0, epochs: curve.length, validationLoss };
}
