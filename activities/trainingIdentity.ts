import type { ArtifactFiles } from '#domain/artifact.ts';
import type { Digest } from '#domain/digest.ts';
import { digestOf } from '#domain/sha256.ts';
import { holdsAgent, readAgent } from '#models/agents/agentArtifact.ts';
import { readSpec } from '#models/forecaster.ts';
import type { AgentTrainingRequest } from './agentActivities.ts';
import type { FeatureReference, TrainingIdentity, TrainingRequest } from './trainingActivities.ts';
import type { TrainingProcedure } from './trainWindow.ts';

/** Raise this whenever the same specification and data give other bytes. */
const trainingCodeVersion = 3;

/** As `trainingCodeVersion`, of agents. */
const agentCodeVersion = 2;

/** The identity of a training on features that were computed. */
export function trainingIdentity(request: TrainingRequest, features: FeatureReference): TrainingIdentity {
  return { trainingDigest: trainingDigestOf(request, features.digest), features };
}

/** The digest of everything that decides an artifact's bytes. @param features digest of the features */
export function trainingDigestOf(
  { model, training, holdoutSessions }: Pick<TrainingRequest, 'model' | 'training' | 'holdoutSessions'>,
  features: Digest,
): Digest {
  return digestOf({ trainingCodeVersion, model, training, holdoutSessions, features });
}

/** Everything that decides an agent's bytes, with the artifacts behind the versions that its request names. */
export type AgentDecides = Pick<AgentTrainingRequest, 'model' | 'agent' | 'trading' | 'holdoutSessions'> & {
  readonly named: { readonly forecaster?: Digest; readonly beginWith?: Digest };
};

/** As `trainingDigestOf`, of an agent. */
export function agentDigestOf({ named, ...decides }: AgentDecides, features: Digest): Digest {
  const { model, agent, trading, holdoutSessions } = decides;
  return digestOf({ agentCodeVersion, model, agent, trading, holdoutSessions, features, ...named });
}

/**
 * How the model of an artifact was trained, by its own bytes.
 * @throws Failure ARTIFACT_UNREADABLE
 */
export function procedureOf(files: ArtifactFiles): TrainingProcedure {
  if (!holdsAgent(files)) return readSpec(files).training;
  const { agent, trading } = readAgent(files);
  return { kind: 'agent', agent, trading };
}

/** The digest that a training by a procedure has when it held so many sessions back, and saw nothing but the features. */
export function procedureDigestOf(
  procedure: TrainingProcedure,
  { model, holdoutSessions }: Pick<TrainingRequest, 'model' | 'holdoutSessions'>,
  features: Digest,
): Digest {
  if (procedure.kind !== 'agent') return trainingDigestOf({ model, training: procedure, holdoutSessions }, features);
  const { agent, trading } = procedure;
  return agentDigestOf({ model, agent, trading, holdoutSessions, named: {} }, features);
}
