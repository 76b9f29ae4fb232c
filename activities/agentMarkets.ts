import { splitHoldout } from '#pipelines/holdout.ts';
import type { AgentSpec, AgentTradingSpec } from '#models/agents/agentSpec.ts';
import { prepareMarkets, type MarketCut, type PreparedMarkets } from '#pipelines/tradingMarket.ts';
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
  const source = { features, bars, ...(forecasts && { predictions: forecasts }) };
  return prepareMarkets(source, span, marketCut(agent, trading));
}

/** How an agent's specification cuts a span into markets. */
export function marketCut({ validationFraction }: AgentSpec, trading: AgentTradingSpec): MarketCut {
  const { turbulenceQuantile, episodeSessions } = trading;
  return { validationFraction, turbulenceQuantile, episodeSessions };
}
