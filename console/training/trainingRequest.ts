import type { AgentTrainingRequest } from '#activities/agentActivities.ts';
import type { SearchRequest } from '#activities/searchActivities.ts';
import type { TrainingRequest } from '#activities/trainingActivities.ts';
import { Failure } from '#domain/failure.ts';
import type { Digest } from '#domain/digest.ts';
import type { AgentPlan, ForecasterPlan, TrainingPlan } from '#infra/configuration/trainingPlan.ts';
import type { SnapshotShelf } from '#infra/snapshots/snapshotShelf.ts';
import { checkFeatureSpec, defaultFeatureSpec } from '#pipelines/features.ts';
import type { FeatureSpec } from '#pipelines/features/featureSpec.ts';
import type { CommandContext } from '../context.ts';
import { shellUser } from '../identity.ts';

/**
 * The snapshot a plan means: of its session, or the dataset's current one.
 * @throws Failure SNAPSHOT_UNKNOWN
 */
export async function snapshotOf({ dataset, asOf }: TrainingPlan, shelf: SnapshotShelf): Promise<Digest> {
  if (asOf === undefined) return (await shelf.find({ name: 'head', dataset })).digest;
  const rows = (await shelf.list(dataset)).filter((row) => row.asOf === asOf);
  const [only, ...others] = rows;
  if (only && others.length === 0) return only.digest;
  const message = only
    ? `say which dataset: ${rows.map((row) => row.dataset).join(', ')}`
    : `no snapshot is as of ${asOf}`;
  throw new Failure('SNAPSHOT_UNKNOWN', message, { asOf });
}

/** Data, who asks, and one of a plan's seeds. */
interface Asked {
  readonly snapshotDigest: Digest;
  readonly author: string;
  readonly seed: number;
}

/**
 * What a model of a plan sees.
 * @throws Failure FEATURE_SPEC_INVALID when it does not compile, or reads more than daily bars
 */
function featureSpec(features: TrainingPlan['features']): FeatureSpec {
  const spec = features ? { features } : defaultFeatureSpec;
  checkFeatureSpec(spec);
  return spec;
}

/**
 * What a plan asks for, with one of its seeds.
 * @throws Failure FEATURE_SPEC_INVALID for features that no model reads
 */
export function trainingRequest(plan: ForecasterPlan, given: Asked): TrainingRequest {
  const { model, features, training, holdoutSessions } = plan;
  const { snapshotDigest, author, seed } = given;
  return {
    model,
    author,
    snapshotDigest,
    features: featureSpec(features),
    training: { ...training, seed },
    holdoutSessions,
  };
}

/** The agent a plan asks for, with one of its seeds. @throws as `trainingRequest` */
export function agentRequest(plan: AgentPlan, { snapshotDigest, author, seed }: Asked): AgentTrainingRequest {
  const { model, features, agent, trading, holdoutSessions, forecaster, beginWith } = plan;
  return {
    model,
    author,
    snapshotDigest,
    features: featureSpec(features),
    agent: { ...agent, seed },
    trading,
    holdoutSessions,
    ...(forecaster && { forecaster }),
    ...(beginWith && { beginWith }),
  };
}

/**
 * The search a plan asks for.
 * @throws Failure CONFIGURATION_INVALID when it asks for none
 */
export function searchRequest(
  plan: TrainingPlan,
  given: { readonly snapshotDigest: Digest; readonly author: string },
): SearchRequest {
  if (plan.learner === 'agent' || !plan.search) {
    throw new Failure('CONFIGURATION_INVALID', 'the plan has no section `search`: name the settings to search there');
  }
  return { base: trainingRequest(plan, { ...given, seed: plan.training.seed }), plan: plan.search };
}

/** Who is written down as author: the option, the file, or whoever asks. */
export function authorOf(
  context: CommandContext,
  { option, plan }: { readonly option: string | undefined; readonly plan: string | undefined },
): string {
  return option ?? plan ?? context.environment.PLIMSOLL_REVIEWER ?? shellUser();
}
