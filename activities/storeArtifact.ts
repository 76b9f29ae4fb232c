import { packArtifact, type ArtifactFiles, type ArtifactOrigin } from '#domain/artifact.ts';
import type { Digest } from '#domain/digest.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import { artifactPrefix } from './modelJobs.ts';

/** Stores files with their manifest. The manifest is written last: an artifact without one is not there. */
export async function storeArtifact(
  objects: ObjectStore,
  given: ArtifactFiles,
  origin: ArtifactOrigin,
): Promise<{ readonly artifactDigest: Digest; readonly objectPrefix: string }> {
  const { digest, files } = packArtifact(given, origin);
  const objectPrefix = artifactPrefix(digest);
  const { 'manifest.json': manifest, ...parts } = files;
  for (const [name, bytes] of Object.entries(parts))
    await objects.put(objectPrefix + name, bytes, 'application/octet-stream');
  await objects.put(`${objectPrefix}manifest.json`, manifest!, 'application/json');
  return { artifactDigest: digest, objectPrefix };
}
