import type { ArtifactFiles } from '#domain/artifact.ts';
import { canonicalJson } from '#domain/canonicalJson.ts';
import { Failure } from '#domain/failure.ts';
import type { Floats } from '../graph/graphSession.ts';
import { decodeTensors, encodeTensors } from '../tensorFile.ts';
import type { PolicyShape } from './agentPolicy.ts';
import type { AgentSpec, AgentTradingSpec } from './agentSpec.ts';
import type { TrainedAgent } from './tradingAgent.ts';

/** Names of an agent's files; the first says, as a forecaster's does, what the rest is. */
export const agentNames = { spec: 'spec.json', weights: 'weights.bin', model: 'model.onnx' } as const;

/** What an artifact says of its agent. */
export interface SavedAgent extends PolicyShape {
  readonly learner: 'agent';
  readonly agent: AgentSpec;
  readonly trading: AgentTradingSpec;
  readonly turbulenceThreshold: number | null;
}

/** A trained agent as an artifact's files. */
export function agentFiles({ parameters, model }: TrainedAgent, saved: SavedAgent): ArtifactFiles {
  return {
    [agentNames.spec]: new TextEncoder().encode(canonicalJson(saved)),
    [agentNames.weights]: encodeTensors(parameters),
    [agentNames.model]: model,
  };
}

/**
 * Whether an artifact holds an agent; what holds none holds a forecaster.
 * @throws Failure ARTIFACT_UNREADABLE when it does not say, or in no JSON
 */
export function holdsAgent(files: ArtifactFiles): boolean {
  return savedIn(files).learner === 'agent';
}

/**
 * What an artifact says of its agent.
 * @throws Failure MODEL_KIND_UNSUPPORTED when it is no agent's; ARTIFACT_UNREADABLE when it is missing or no JSON
 */
export function readAgent(files: ArtifactFiles): SavedAgent {
  const saved = savedIn(files);
  if (saved.learner === 'agent') return saved as SavedAgent;
  throw new Failure('MODEL_KIND_UNSUPPORTED', 'the artifact holds a forecaster, where an agent is needed');
}

/** Every variable of an agent. @throws Failure ARTIFACT_UNREADABLE when they are missing or damaged */
export function readAgentParameters(files: ArtifactFiles): Floats {
  return decodeTensors(fileOf(files, agentNames.weights)).tensors;
}

/** The policy in ONNX. @throws Failure ARTIFACT_UNREADABLE when it is missing */
export function readPolicy(files: ArtifactFiles): Uint8Array {
  return fileOf(files, agentNames.model);
}

function savedIn(files: ArtifactFiles): { readonly learner?: string } {
  const bytes = fileOf(files, agentNames.spec);
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as { readonly learner?: string };
  } catch (cause) {
    throw new Failure('ARTIFACT_UNREADABLE', `${agentNames.spec} is no JSON`, {}, { cause });
  }
}

function fileOf(files: ArtifactFiles, name: string): Uint8Array {
  const bytes = files[name];
  if (bytes) return bytes;
  throw new Failure('ARTIFACT_UNREADABLE', `an artifact without ${name} holds no agent`, { missing: name });
}
