import { splitHoldout } from '#pipelines/holdout.ts';
import { prepareMarkets, type PreparedMarkets } from '#pipelines/tradingMarket.ts';
import type { AgentIdentity, AgentTrainingRequest } from './agentActivities.ts';
import { forecastsFor } from './agentForecasts.ts';
import { readFeatures } from './modelData.ts';
import { readSnapshot } from './snapshotStore.ts';
import type { TrainingWorld } from './trainingActivities.ts';

/** The markets a request trains and is scored in: everything before the sessions that are held back. */
export async function agentMarkets(
  world: TrainingWorld,
  request: AgentTrainingRequest,
  identity: AgentIdentity,
): Promise<PreparedMarkets> {
  const { snapshotDigest, holdoutSessions, agent, trading } = request;
  const features = await readFeatures(world, identity.features);
  const { bars } = await readSnapshot(world, snapshotDigest);
  const plan = { heldBackSessions: 0, scoringSessions: holdoutSessions, purgeSessions: 0 };
  const { training: span } = splitHoldout(features.sessions, plan);
  const forecasts =
    identity.forecaster && (await forecastsFor(world, identity.forecaster, { snapshotDigest, table: features, span }));
  const { validationFraction } = agent;
  return prepareMarkets({ features, bars, ...(forecasts && { predictions: forecasts }) }, span, {
    validationFraction,
    turbulenceQuantile: trading.turbulenceQuantile,
    episodeSessions: trading.episodeSessions,
  });
}
