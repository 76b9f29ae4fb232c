import type { AgentSpec, AgentTradingSpec } from '#models/agents/agentSpec.ts';
import type { Digest } from '#domain/digest.ts';
import type { AccountFigures } from '#pipelines/accountFigures.ts';
import type { FeatureSpec } from '#pipelines/features/featureSpec.ts';
import { requireAgent } from './agentBeginning.ts';
import { requireInformant } from './agentForecasts.ts';
import { beating } from './beating.ts';
import { provideFeatures } from './modelData.ts';
import { openTrainingRun } from './openTrainingRun.ts';
import { playTogether } from './playTogether.ts';
import { registerArtifact } from './registerArtifact.ts';
import { trainAgent } from './trainAgent.ts';
import type { CandidateReference, FeatureReference, TrainingIdentity, TrainingWorld } from './trainingActivities.ts';
import { agentDigestOf } from './trainingIdentity.ts';

/** A version in the registry. */
export interface VersionName {
  readonly model: string;
  readonly version: string;
}

/** What agent to train: everything that decides the bytes of the artifact, and who asked. */
export interface AgentTrainingRequest {
  readonly model: string;
  readonly author: string;
  readonly snapshotDigest: Digest;
  readonly features: FeatureSpec;
  readonly agent: AgentSpec;
  readonly trading: AgentTradingSpec;
  /** Sessions at the snapshot's end that training must not see. */
  readonly holdoutSessions: number;
  /** A registered forecaster whose forecasts the agent sees. */
  readonly forecaster?: VersionName;
  /** A registered agent of the same sizes to begin with. */
  readonly beginWith?: VersionName;
}

/** An agent's training, fixed before it starts. */
export interface AgentIdentity extends TrainingIdentity {
  /** Artifacts behind the versions that the request names. */
  readonly forecaster?: Digest;
  readonly beginWith?: Digest;
}

/** An agent's training as it runs. */
export interface OpenAgentTraining {
  readonly request: AgentTrainingRequest;
  readonly identity: AgentIdentity;
  readonly mlflowRunId: string;
}

/** Figures of the validation part, by who traded. */
export type TraderFigures = Readonly<Record<string, AccountFigures>>;

/** A trained agent in the object store. */
export interface AgentArtifact {
  readonly artifactDigest: Digest;
  readonly objectPrefix: string;
  readonly steps: number;
  readonly stepsPerSecond: number;
  /** The agent beside buy and hold, equal weight and cash. */
  readonly figures: TraderFigures;
}

/** What an agent's training tells with its heartbeats, after every stretch. */
export interface AgentTrainingProgress {
  readonly steps: number;
  /** Steps at the end. */
  readonly stepsMax: number;
  readonly validationReturn: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
}

/** What a finished training answers. */
export interface AgentTrainingOutcome extends CandidateReference {
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly features: FeatureReference;
  readonly figures: TraderFigures;
}

/** Agents of one training but for their seeds, to be played together. */
export interface EnsembleRequest {
  /** The training of any of them. */
  readonly training: AgentTrainingRequest;
  readonly artifactDigests: readonly Digest[];
}

/** What playing together answers. */
export interface EnsembleOutcome {
  readonly mlflowRunId: string;
  readonly figures: TraderFigures;
}

/** Activities from a snapshot to a registered agent. Every one answers the same when it is repeated. */
export interface AgentActivities {
  /**
   * Computes the features, once per digest, and fixes the training's identity.
   * @throws Failure FORECASTER_UNFIT, MODEL_KIND_UNSUPPORTED, MODEL_UNKNOWN for versions that cannot serve
   */
  identifyAgent(request: AgentTrainingRequest): Promise<AgentIdentity>;
  /** The MLflow run of this training: found, or made once. */
  openAgentRun(request: AgentTrainingRequest, identity: AgentIdentity): Promise<OpenAgentTraining>;
  /** Trains in a child process, beating with its progress; a repeat resumes from the last checkpoint. */
  trainAgent(training: OpenAgentTraining): Promise<AgentArtifact>;
  /** Records the artifact's lineage and registers the candidate version, once per artifact digest. */
  registerAgent(training: OpenAgentTraining, artifact: AgentArtifact): Promise<CandidateReference>;
  /** Plays the validation part by several agents as one, and writes the figures to a run of their own. */
  playTogether(request: EnsembleRequest, identity: AgentIdentity): Promise<EnsembleOutcome>;
}

/** The activities of agents over a world. */
export function createAgentActivities(world: TrainingWorld): AgentActivities {
  return {
    identifyAgent: (request) => beating(() => identifyAgent(world, request)),

    async openAgentRun(request, identity) {
      const { model, author, snapshotDigest } = request;
      const tags = { 'plimsoll.learner': 'agent' };
      const params = paramsOf(request);
      const mlflowRunId = await openTrainingRun(world, { model, author, snapshotDigest, identity, tags, params });
      return { request, identity, mlflowRunId };
    },

    trainAgent: (training) => trainAgent(world, training),

    registerAgent({ request, identity, mlflowRunId }, artifact) {
      const { model, author, snapshotDigest } = request;
      const tags = { 'plimsoll.learner': 'agent' };
      return registerArtifact(world, { model, author, snapshotDigest, identity, mlflowRunId, tags }, artifact);
    },

    playTogether: (request, identity) => beating(() => playTogether(world, request, identity)),
  };
}

async function identifyAgent(world: TrainingWorld, request: AgentTrainingRequest): Promise<AgentIdentity> {
  const { model, agent, trading, holdoutSessions } = request;
  const { reference: features } = await provideFeatures(world, request.snapshotDigest, request.features);
  const forecaster = request.forecaster && (await requireInformant(world, request, request.forecaster));
  const beginWith = request.beginWith && (await requireAgent(world, request, request.beginWith));
  const named = { ...(forecaster && { forecaster }), ...(beginWith && { beginWith }) };
  const trainingDigest = agentDigestOf({ model, agent, trading, holdoutSessions, named }, features.digest);
  return { trainingDigest, features, ...named };
}

function paramsOf({ agent, trading, forecaster, beginWith }: AgentTrainingRequest): Readonly<Record<string, string>> {
  const texts = (values: object): [string, string][] =>
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? JSON.stringify(value) : String(value)]);
  const versionText = (named: VersionName | undefined): string => (named ? `${named.model} ${named.version}` : 'none');
  return {
    ...Object.fromEntries([...texts(agent), ...texts(trading)]),
    forecaster: versionText(forecaster),
    beginWith: versionText(beginWith),
  };
}
