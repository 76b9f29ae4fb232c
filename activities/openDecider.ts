import type { ArtifactFiles } from '#domain/artifact.ts';
import { holdsAgent } from '#models/agents/agentArtifact.ts';
import { readSpec } from '#models/forecaster.ts';
import type { ModelProcesses } from '#models/process/modelProcessClient.ts';
import { forecastDecider, type Decider } from '#pipelines/decider.ts';
import { buildWindows } from '#pipelines/samples.ts';
import { scaleFeatures, type Scaler } from '#pipelines/scaling.ts';
import type { SessionSpan } from '#pipelines/sessionSpan.ts';
import type { MarketSource } from '#pipelines/tradingMarket.ts';
import { openAgentDecider, type TakenOver } from './agentDecider.ts';
import { predictWith } from './modelJobs.ts';
import { artifactJson } from './artifactJson.ts';

/** Someone who decides, as long as they are needed. */
export interface OpenDecider extends Decider {
  release(): Promise<void>;
}

/** What is to be decided on. */
export interface DecidingData {
  readonly source: Pick<MarketSource, 'features' | 'bars'>;
  /** Sessions at whose closes targets are decided. */
  readonly span: SessionSpan;
  /** Since when an agent trades the account; absent: from its first decision on. */
  readonly takenOver?: TakenOver;
}

/**
 * Whoever an artifact's files hold, as somebody who decides target weights: the one place where it matters whether that is
 * a forecaster or an agent. Verify the artifact first.
 * @throws Failure ARTIFACT_UNREADABLE; AGENT_MARKET_DIFFERS; FEATURE_SPEC_INVALID; FORECAST_NOT_FINITE
 */
export async function openDecider(
  { processes }: { readonly processes: ModelProcesses },
  files: ArtifactFiles,
  { source, span, takenOver }: DecidingData,
): Promise<OpenDecider> {
  if (holdsAgent(files)) {
    const { inference } = processes;
    return openAgentDecider(files, { source, span, inference, ...(takenOver && { takenOver }) });
  }
  const { training } = readSpec(files);
  const { inputs, places } = buildWindows({
    features: scaleFeatures(artifactJson(files, 'scaler.json') as Scaler, source.features),
    windowSessions: training.windowSessions,
    span,
  });
  const forecasts = await predictWith(processes, files, inputs);
  return { ...forecastDecider({ places, forecasts }), release: () => Promise.resolve() };
}
