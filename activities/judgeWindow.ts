import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { digestOf } from '#domain/sha256.ts';
import { naiveForecaster, ridgeForecaster } from '#models/baselines.ts';
import { readSpec } from '#models/forecaster.ts';
import { encodeTensors } from '#models/tensorFile.ts';
import {
  decide,
  playDecisions,
  type ForecasterName,
  type JudgedStretch,
  type PlacedForecasts,
  type PlayTerms,
} from '#pipelines/judgedStretch.ts';
import { sharpeRatio } from '#pipelines/metrics.ts';
import { buildWindows } from '#pipelines/samples.ts';
import { scaleFeatures, type Scaler } from '#pipelines/scaling.ts';
import type { FeatureTable } from '#pipelines/featureTable.ts';
import { beating } from './beating.ts';
import { prepareTraining, readFeatures, type PreparedTraining } from './modelData.ts';
import { readSnapshot } from './snapshotStore.ts';
import { predictWith, readArtifact, readFolder, withScratch } from './modelJobs.ts';
import { getJson, putJson } from './storedJson.ts';
import type { ValidationRequest, ValidationWorld, WindowDates, WindowResult } from './validationActivities.ts';
import type { ArtifactFiles } from '#domain/artifact.ts';

/** Raise this whenever the same window gives other results. */
const judgingCodeVersion = 6;

/** Trains on a window's past and trades its future; a window that was judged is answered as it was. */
export function judgeWindow(
  world: ValidationWorld,
  request: ValidationRequest,
  window: WindowDates,
): Promise<WindowResult> {
  const { training, features } = request;
  const judged = { judgingCodeVersion, training, features: features.digest, terms: playTerms(request), window };
  const resultKey = `windows/${digestOf(judged)}.json`;
  return beating(async () => {
    const known = await world.objects.exists(resultKey);
    const stretch = known
      ? await getJson<JudgedStretch>(world.objects, resultKey)
      : await judge(world, request, window);
    if (!known) await putJson(world.objects, resultKey, stretch);
    return { index: window.index, resultKey, sharpe: sharpeRatio(stretch.returns.network) };
  });
}

async function judge(world: ValidationWorld, request: ValidationRequest, window: WindowDates): Promise<JudgedStretch> {
  const contents = await readSnapshot(world, request.features.snapshotDigest);
  const features = await readFeatures(world, request.features);
  const span = { from: sessionDate(window.trainFrom), to: sessionDate(window.trainTo) };
  const prepared = prepareTraining({ features, bars: contents.bars }, span, request.training);
  const files = await trainFiles(world, request, prepared);
  const stretch = stretchOf(features.sessions, sessionDate(window.testFrom), sessionDate(window.testTo));
  const forecasts = await forecastsFor(world, { request, features, prepared, files }, stretch.decidedAt);
  const { trading } = request.plan;
  return playDecisions(
    contents,
    decide(stretch, forecasts, { limits: trading.limits, benchmark: contents.benchmark }),
    playTerms(request),
  );
}

/** Scores exactly the candidate's bytes on the last sessions of the snapshot, which its training never saw. */
export function scoreCandidate(
  world: ValidationWorld,
  request: ValidationRequest,
): Promise<{ readonly resultKey: string; readonly sharpe: number | null }> {
  return beating(async () => {
    const { artifactDigest } = request.candidate;
    const files = await readArtifact(world.objects, artifactDigest);
    // What is no forecaster is refused before anything is computed for it.
    readSpec(files);
    const scaler = JSON.parse(new TextDecoder().decode(files['scaler.json'])) as Scaler;
    const contents = await readSnapshot(world, request.features.snapshotDigest);
    const features = await readFeatures(world, request.features);
    const first = features.sessions.at(-request.plan.holdoutSessions)!;
    const stretch = stretchOf(features.sessions, first, features.sessions.at(-1)!);
    const span = { from: features.sessions[0]!, to: stretch.decidedAt[0]! };
    // The ridge beside it learns from the same sessions.
    const prepared = prepareTraining({ features, bars: contents.bars }, span, request.training);
    const forecasts = await forecastsFor(
      world,
      { request, features, prepared: { ...prepared, scaler }, files },
      stretch.decidedAt,
    );
    const { trading } = request.plan;
    const judged = playDecisions(
      contents,
      decide(stretch, forecasts, { limits: trading.limits, benchmark: contents.benchmark }),
      playTerms(request),
    );
    const scored = { judgingCodeVersion, features: request.features.digest, terms: playTerms(request), span: stretch };
    const resultKey = `validations/${artifactDigest}/holdout-${digestOf(scored).slice(0, 16)}.json`;
    await putJson(world.objects, resultKey, judged);
    return { resultKey, sharpe: sharpeRatio(judged.returns.network) };
  });
}

/** What decides how decisions are played: other terms are other results. */
function playTerms({ plan: { trading, restartAfterSessions } }: ValidationRequest): PlayTerms {
  return { trading, restartAfterSessions };
}

/** Sessions to trade, each with the session before it, at whose close its targets were decided. */
function stretchOf(sessions: readonly SessionDate[], from: SessionDate, to: SessionDate) {
  const first = sessions.indexOf(from);
  const end = sessions.indexOf(to) + 1;
  return { sessions: sessions.slice(first, end), decidedAt: sessions.slice(first - 1, end - 1) };
}

async function trainFiles(
  world: ValidationWorld,
  { training }: ValidationRequest,
  { data }: PreparedTraining,
): Promise<ArtifactFiles> {
  return withScratch(async (folder) => {
    const dataFile = path.join(folder, 'data');
    const outputFolder = path.join(folder, 'artifact');
    const tensors = {
      trainingInputs: data.training.inputs,
      trainingLabels: data.training.labels,
      validationInputs: data.validation.inputs,
      validationLabels: data.validation.labels,
    };
    await writeFile(dataFile, encodeTensors(tensors));
    const job = { kind: 'train', spec: training, features: data.features, dataFile, outputFolder } as const;
    await world.processes.perform(job, { signal: Context.current().cancellationSignal });
    return readFolder(outputFolder);
  });
}

async function forecastsFor(
  world: ValidationWorld,
  from: {
    readonly request: ValidationRequest;
    readonly features: FeatureTable;
    readonly prepared: PreparedTraining;
    readonly files: ArtifactFiles;
  },
  decidedAt: readonly SessionDate[],
): Promise<Readonly<Record<ForecasterName, PlacedForecasts>>> {
  const { request, prepared, files } = from;
  const { windowSessions } = request.training;
  const { inputs, places } = buildWindows({
    features: scaleFeatures(prepared.scaler, from.features),
    windowSessions,
    span: { from: decidedAt[0]!, to: decidedAt.at(-1)! },
  });
  const { training, features } = prepared.data;
  const ridge = ridgeForecaster(training, { windowSessions, features });
  const naive = naiveForecaster(training, { windowSessions, features });
  return {
    network: { places, forecasts: await predictWith(world.processes, files, inputs) },
    ridge: { places, forecasts: await ridge.predict(inputs) },
    naive: { places, forecasts: await naive.predict(inputs) },
  };
}
