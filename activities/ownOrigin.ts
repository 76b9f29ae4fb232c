import type { ArtifactFiles, ArtifactManifest } from '#domain/artifact.ts';
import { Failure } from '#domain/failure.ts';
import { holdsAgent } from '#models/agents/agentArtifact.ts';
import { artifactJson } from './artifactJson.ts';

/**
 * Demands that a model learnt from nothing but its own training part. An agent that saw a forecaster's forecasts, or began
 * with another agent, would have to be judged with those trained anew in each window.
 * @throws Failure AGENT_ORIGIN_UNPROVEN
 */
export function requireOwnOrigin(files: ArtifactFiles): void {
  if (!holdsAgent(files)) return;
  const { spec } = artifactJson(files, 'manifest.json') as ArtifactManifest;
  const { forecaster = null, beginWith = null } = spec;
  if (forecaster === null && beginWith === null) return;
  const message = `the agent ${forecaster === null ? 'began with another agent' : "sees a forecaster's forecasts"}`;
  throw new Failure('AGENT_ORIGIN_UNPROVEN', message, { forecaster: String(forecaster), beginWith: String(beginWith) });
}
