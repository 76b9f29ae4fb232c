import type { ArtifactFiles } from '#domain/artifact.ts';
import { Failure } from '#domain/failure.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { digestOf } from '#domain/sha256.ts';
import { holdsAgent } from '#models/agents/agentArtifact.ts';
import { naiveForecaster, ridgeForecaster } from '#models/baselines.ts';
import { forecastDecider, type Decider } from '#pipelines/decider.ts';
import { playDeciders, type JudgedStretch, type PlayTerms, type TradedSessions } from '#pipelines/judgedStretch.ts';
import { sharpeRatio } from '#pipelines/metrics.ts';
import { buildWindows } from '#pipelines/samples.ts';
import { scaleFeatures } from '#pipelines/scaling.ts';
import type { SessionSpan } from '#pipelines/sessionSpan.ts';
import type { FeatureTable } from '#pipelines/featureTable.ts';
import type { Snapshot } from '#pipelines/snapshot.ts';
import { beating } from './beating.ts';
import { prepareTraining, readFeatures } from './modelData.ts';
import { openDecider } from './openDecider.ts';
import { requireOwnOrigin } from './ownOrigin.ts';
import { readSnapshot } from './snapshotStore.ts';
import { readArtifact } from './modelJobs.ts';
import { getJson, putJson } from './storedJson.ts';
import { lookBackOf, trainWindow } from './trainWindow.ts';
import type { ValidationRequest, ValidationWorld, WindowDates, WindowResult } from './validationActivities.ts';
import { keepWindowAgent } from './windowAgents.ts';

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
      : await judge(world, request, { window, resultKey });
    if (!known) await putJson(world.objects, resultKey, stretch);
    return { index: window.index, resultKey, sharpe: sharpeRatio(stretch.returns.network) };
  });
}

async function judge(
  world: ValidationWorld,
  request: ValidationRequest,
  { window, resultKey }: { readonly window: WindowDates; readonly resultKey: string },
): Promise<JudgedStretch> {
  const source = await judgedSource(world, request);
  const span = { from: sessionDate(window.trainFrom), to: sessionDate(window.trainTo) };
  const files = await trainWindow(world, request.training, { source, span });
  if (request.training.kind === 'agent') await keepWindowAgent(world.objects, resultKey, files);
  const stretch = stretchOf(source.features.sessions, sessionDate(window.testFrom), sessionDate(window.testTo));
  return play(world, request, { source, files, span, stretch });
}

/** Scores exactly the candidate's bytes on the last sessions of the snapshot, which its training never saw. */
export function scoreCandidate(
  world: ValidationWorld,
  request: ValidationRequest,
): Promise<{ readonly resultKey: string; readonly sharpe: number | null }> {
  return beating(async () => {
    const { artifactDigest } = request.candidate;
    const files = await readArtifact(world.objects, artifactDigest);
    // What cannot be judged is refused before anything is computed for it.
    requireOwnOrigin(files);
    requireKind(files, request);
    const source = await judgedSource(world, request);
    const { sessions } = source.features;
    const stretch = stretchOf(sessions, sessions.at(-request.plan.holdoutSessions)!, sessions.at(-1)!);
    // The straight lines beside it learn from the same sessions.
    const span = { from: sessions[0]!, to: stretch.decidedAt[0]! };
    const judged = await play(world, request, { source, files, span, stretch });
    const scored = { judgingCodeVersion, features: request.features.digest, terms: playTerms(request), span: stretch };
    const resultKey = `validations/${artifactDigest}/holdout-${digestOf(scored).slice(0, 16)}.json`;
    await putJson(world.objects, resultKey, judged);
    return { resultKey, sharpe: sharpeRatio(judged.returns.network) };
  });
}

/** Bytes of one kind and windows of the other would judge two models as one. */
function requireKind(files: ArtifactFiles, { candidate, training }: ValidationRequest): void {
  const isAgent = holdsAgent(files);
  if (isAgent === (training.kind === 'agent')) return;
  const message = `${candidate.model} ${candidate.modelVersion} is ${isAgent ? 'an agent' : 'a forecaster'}`;
  throw new Failure('MODEL_KIND_UNSUPPORTED', `${message}: it cannot be judged by a training of ${training.kind}`);
}

/** What is judged on. */
interface JudgedSource extends Snapshot {
  readonly features: FeatureTable;
}

async function judgedSource(world: ValidationWorld, { features }: ValidationRequest): Promise<JudgedSource> {
  const snapshot = await readSnapshot(world, features.snapshotDigest);
  return { ...snapshot, features: await readFeatures(world, features) };
}

/** What decides how decisions are played: other terms are other results. */
function playTerms({ plan: { trading, restartAfterSessions } }: ValidationRequest): PlayTerms {
  return { trading, restartAfterSessions };
}

/** Sessions to trade, each with the session before it, at whose close its targets are decided. */
function stretchOf(sessions: readonly SessionDate[], from: SessionDate, to: SessionDate): TradedSessions {
  const first = sessions.indexOf(from);
  const end = sessions.indexOf(to) + 1;
  return { sessions: sessions.slice(first, end), decidedAt: sessions.slice(first - 1, end - 1) };
}

/** Plays a candidate's files through a stretch, beside what learnt from the same span. */
async function play(
  world: ValidationWorld,
  request: ValidationRequest,
  judged: {
    readonly source: JudgedSource;
    readonly files: ArtifactFiles;
    readonly span: SessionSpan;
    readonly stretch: TradedSessions;
  },
): Promise<JudgedStretch> {
  const { source, files, span, stretch } = judged;
  const decided = { from: stretch.decidedAt[0]!, to: stretch.decidedAt.at(-1)! };
  const beside = await straightLines(request, { source, span, decided });
  const network = await openDecider(world, files, { source, span: decided });
  try {
    return playDeciders(source, { ...stretch, deciders: { network, ...beside } }, playTerms(request));
  } finally {
    await network.release();
  }
}

/** Who stands beside the candidate, having learnt from the same span. */
async function straightLines(
  { training }: ValidationRequest,
  {
    source,
    span,
    decided,
  }: { readonly source: JudgedSource; readonly span: SessionSpan; readonly decided: SessionSpan },
): Promise<Readonly<Record<'ridge' | 'naive', Decider>>> {
  const lookBack = lookBackOf(training);
  const { data, scaler } = prepareTraining(source, span, lookBack);
  const { windowSessions } = lookBack;
  const features = scaleFeatures(scaler, source.features);
  const { inputs, places } = buildWindows({ features, windowSessions, span: decided });
  const shape = { windowSessions, features: data.features };
  const [ridge, naive] = [ridgeForecaster(data.training, shape), naiveForecaster(data.training, shape)];
  return {
    ridge: forecastDecider({ places, forecasts: await ridge.predict(inputs) }),
    naive: forecastDecider({ places, forecasts: await naive.predict(inputs) }),
  };
}
