import type { ArtifactFiles } from '#domain/artifact.ts';

/** What a JSON file of an artifact holds. Verify the artifact first: the file is there then, and as it was written. */
export function artifactJson(files: ArtifactFiles, name: string): unknown {
  return JSON.parse(new TextDecoder().decode(files[name]));
}
