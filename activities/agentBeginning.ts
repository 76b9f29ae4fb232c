import { Failure } from '#domain/failure.ts';
import type { Digest } from '#domain/digest.ts';
import { readAgent } from '#models/agents/agentArtifact.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { AgentTrainingRequest, VersionName } from './agentActivities.ts';
import { readArtifact } from './modelJobs.ts';

/**
 * The artifact of a registered version.
 * @throws Failure MODEL_UNKNOWN when there is no such version
 */
export async function artifactOf(registry: ModelRegistry, { model, version }: VersionName): Promise<Digest> {
  const known = (await registry.versions(model)).find((one) => one.version === version);
  if (known) return known.artifactDigest;
  throw new Failure('MODEL_UNKNOWN', `${model} has no version ${version}`, { model, version });
}

/**
 * The artifact of an agent that a training can begin with; that sizes fit is found where it begins.
 * @throws Failure MODEL_UNKNOWN; MODEL_KIND_UNSUPPORTED when it is a forecaster or learns otherwise
 */
export async function requireAgent(
  { registry, objects }: { readonly registry: ModelRegistry; readonly objects: ObjectStore },
  { agent: { kind } }: AgentTrainingRequest,
  named: VersionName,
): Promise<Digest> {
  const digest = await artifactOf(registry, named);
  const { agent } = readAgent(await readArtifact(objects, digest));
  if (agent.kind === kind) return digest;
  const message = `${named.model} ${named.version} learns by ${agent.kind}: ${kind} cannot begin with it`;
  throw new Failure('MODEL_KIND_UNSUPPORTED', message, { ...named, wanted: kind, found: agent.kind });
}
