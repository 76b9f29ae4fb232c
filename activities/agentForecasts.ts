import type { ArtifactManifest } from '#domain/artifact.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { readSpec } from '#models/forecaster.ts';
import type { FeatureSpec } from '#pipelines/features/featureSpec.ts';
import type { FeatureTable } from '#pipelines/featureTable.ts';
import { buildWindows } from '#pipelines/samples.ts';
import { scaleFeatures, type Scaler } from '#pipelines/scaling.ts';
import type { SessionSpan } from '#pipelines/sessionSpan.ts';
import type { AgentTrainingRequest, VersionName } from './agentActivities.ts';
import { artifactOf } from './agentBeginning.ts';
import { provideFeatures } from './modelData.ts';
import { predictWith, readArtifact } from './modelJobs.ts';
import type { TrainingWorld } from './trainingActivities.ts';
import { trainingDigestOf } from './trainingIdentity.ts';
import { artifactJson } from './artifactJson.ts';

/**
 * The artifact of a forecaster that may inform an agent: it learnt from the same snapshot, and of its sessions from none
 * that score the agent.
 * @throws Failure MODEL_UNKNOWN; MODEL_KIND_UNSUPPORTED when it is an agent; FORECASTER_UNFIT saying why
 */
export async function requireInformant(
  { registry, objects }: TrainingWorld,
  { snapshotDigest, holdoutSessions, agent }: AgentTrainingRequest,
  named: VersionName,
): Promise<Digest> {
  const digest = await artifactOf(registry, named);
  const files = await readArtifact(objects, digest);
  const { training } = readSpec(files);
  const manifest = artifactJson(files, 'manifest.json') as ArtifactManifest;
  const refuse = (why: string): never => {
    const message = `${named.model} ${named.version} may not inform this agent: ${why}`;
    throw new Failure('FORECASTER_UNFIT', message, { ...named });
  };
  if (manifest.snapshotDigest !== snapshotDigest) refuse('it learnt from another snapshot');
  // The sessions it held back are no part of the manifest, but decide the digest that is.
  const held = trainingDigestOf({ model: manifest.model, training, holdoutSessions }, manifest.featureDigest);
  if (manifest.trainingDigest !== held) refuse(`it did not hold back ${holdoutSessions} sessions`);
  if (training.validationFraction < agent.validationFraction) refuse('it learnt from sessions that score the agent');
  return digest;
}

/**
 * A forecaster's means in deviations of the returns it learnt from, for every symbol and session of a feature table.
 * @param span sessions to forecast at
 * @returns shape [symbols, sessions] of the table; NaN where the forecaster has no whole window
 */
export async function forecastsFor(
  world: TrainingWorld,
  digest: Digest,
  {
    snapshotDigest,
    table,
    span,
  }: { readonly snapshotDigest: Digest; readonly table: FeatureTable; readonly span: SessionSpan },
): Promise<Float64Array> {
  const files = await readArtifact(world.objects, digest);
  const { training, labelScale } = readSpec(files);
  const { table: own } = await provideFeatures(
    world,
    snapshotDigest,
    artifactJson(files, 'features.json') as FeatureSpec,
  );
  const { inputs, places } = buildWindows({
    features: scaleFeatures(artifactJson(files, 'scaler.json') as Scaler, own),
    windowSessions: training.windowSessions,
    span,
  });
  const forecasts = await predictWith(world.processes, files, inputs);
  const rows = new Map(table.sessions.map((session, row) => [session, row]));
  const symbols = new Map(table.symbols.map((symbol, at) => [symbol, at]));
  const predictions = new Float64Array(table.symbols.length * table.sessions.length).fill(Number.NaN);
  for (const [index, { symbol, session }] of places.entries()) {
    const at = symbols.get(symbol)! * table.sessions.length + rows.get(session)!;
    predictions[at] = forecasts[index]!.mean / labelScale;
  }
  return predictions;
}
