import { previousSession } from '#domain/calendar.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { limitsIn } from '#domain/regimeLimits.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { explainSizes, sizeForecasts } from '#domain/sizing.ts';
import { readSpec } from '#models/forecaster.ts';
import type { ArtifactFiles } from '#domain/artifact.ts';
import type { ModelProcesses } from '#models/process/modelProcessClient.ts';
import type { FeatureSpec } from '#pipelines/features/featureSpec.ts';
import { readVolatilityRegimes } from '#pipelines/regime/volatilityRegime.ts';
import { buildWindows } from '#pipelines/samples.ts';
import { scaleFeatures, type Scaler } from '#pipelines/scaling.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import { requireApproval, type ApprovalWorld } from './approvedBytes.ts';
import { provideFeatures, type DataWorld } from './modelData.ts';
import { readSnapshot } from './snapshotStore.ts';
import { predictWith, readArtifact } from './modelJobs.ts';
import type { SessionPlan } from './tradingPlan.ts';

/** Targets of a session and what they came from. */
export interface Forecasts {
  readonly targets: Readonly<Record<string, number>>;
  /** Plain JSON for the decision's row. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The model behind them; absent for a rule. */
  readonly source?: { readonly model: string; readonly modelVersion: string; readonly artifactDigest: Digest };
}

/** What forecasting needs of the world. */
export interface ForecastWorld extends DataWorld, Omit<ApprovalWorld, 'catalogue'> {
  readonly registry: ModelRegistry;
  readonly processes: ModelProcesses;
}

/**
 * Target weights for a session, by the champion, from what was known at the close of the session before it.
 * @throws Failure CHAMPION_MISSING, CHAMPION_NOT_APPROVED or ARTIFACT_DIGEST_MISMATCH when the alias, people's
 *   signatures and the stored bytes do not all name the same artifact; MODEL_KIND_UNSUPPORTED when it is no forecaster;
 *   SNAPSHOT_STALE when the data ends too early
 */
export async function forecastSession(world: ForecastWorld, plan: SessionPlan): Promise<Forecasts> {
  if (plan.targets.kind !== 'champion') throw new RangeError('only a champion forecasts');
  const { model, dataset } = plan.targets;
  const champion = await world.registry.aliased(model, 'champion');
  if (!champion)
    throw new Failure('CHAMPION_MISSING', `${model} has no champion: promote a candidate first`, { model });
  const { artifactDigest, version: modelVersion } = champion;
  await requireApproval(world, { model, modelVersion, artifactDigest });
  const files = await readArtifact(world.objects, artifactDigest);
  const decidedAt = previousSession(sessionDate(plan.session));
  const head = await world.catalogue.head(dataset);
  if (head?.asOf !== decidedAt) {
    const message = `${dataset} reaches ${head?.asOf ?? 'nothing'}, the decision needs ${decidedAt}`;
    throw new Failure('SNAPSHOT_STALE', message, { dataset, needed: decidedAt, asOf: head?.asOf ?? null });
  }
  const { training } = readSpec(files);
  const { benchmark } = await readSnapshot(world, head.digest);
  const regime = readVolatilityRegimes(benchmark.sessions, benchmark.close).at(-1) ?? null;
  const { table } = await provideFeatures(world, head.digest, readJson(files, 'features.json') as FeatureSpec);
  const { inputs, places } = buildWindows({
    features: scaleFeatures(readJson(files, 'scaler.json') as Scaler, table),
    windowSessions: training.windowSessions,
    span: { from: decidedAt, to: decidedAt },
  });
  const predicted = await predictWith(world.processes, files, inputs);
  const forecasts = places.map(({ symbol }, index) => ({ symbol, ...predicted[index]! }));
  const limits = limitsIn(plan.limits, regime?.regime ?? 'unknown');
  return {
    targets: sizeForecasts(forecasts, limits),
    body: {
      decidedAt,
      snapshotDigest: head.digest,
      forecasts,
      regime,
      ...(limits.rules && { sizes: explainSizes(forecasts, limits) }),
    },
    source: { model, modelVersion, artifactDigest },
  };
}

function readJson(files: ArtifactFiles, name: string): unknown {
  return JSON.parse(new TextDecoder().decode(files[name]));
}
