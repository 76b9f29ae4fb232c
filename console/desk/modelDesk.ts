import { readArtifact } from '#activities/modelJobs.ts';
import type { ArtifactRow, Catalogue } from '#activities/ports/catalogue.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { ArtifactFiles } from '#domain/artifact.ts';
import { Failure } from '#domain/failure.ts';

const aliases = ['champion', 'previous'] as const;
type Alias = (typeof aliases)[number];

/** A registered version, as people are shown it. */
export interface ListedModel {
  readonly model: string;
  readonly modelVersion: string;
  readonly artifactDigest: ArtifactRow['digest'];
  readonly author: string;
  readonly aliases: readonly Alias[];
}

/** A version with its files, proven to be those of the digest. */
export interface FetchedModel extends ListedModel {
  readonly files: ArtifactFiles;
}

/** Registered models and their bytes. */
export interface Models {
  /** By model, versions ascending. @throws Failure REGISTRY_UNREACHABLE, DATABASE_UNREACHABLE */
  list(): Promise<readonly ListedModel[]>;
  /**
   * @param version number of a version, or an alias
   * @throws Failure MODEL_UNKNOWN saying what there is; ARTIFACT_DIGEST_MISMATCH, and as `list`
   */
  fetch(model: string, version: string): Promise<FetchedModel>;
}

/** Where models are listed and lie. */
export interface ModelSources {
  readonly catalogue: Pick<Catalogue, 'artifacts'>;
  readonly registry: Pick<ModelRegistry, 'aliased'>;
  readonly objects: () => Promise<ObjectStore>;
}

/** Models of the catalogue with the registry's aliases, bytes out of the object store. */
export function createModels({ catalogue, registry, objects }: ModelSources): Models {
  const list = async (): Promise<readonly ListedModel[]> => {
    const rows = await catalogue.artifacts();
    // Bytes carry an alias only where registry and catalogue name the same.
    const named = new Map<string, readonly Alias[]>();
    for (const model of new Set(rows.map((row) => row.model))) {
      for (const alias of aliases) {
        const { artifactDigest } = (await registry.aliased(model, alias)) ?? {};
        if (artifactDigest) named.set(artifactDigest, [...(named.get(artifactDigest) ?? []), alias]);
      }
    }
    return rows.map(({ model, modelVersion, digest: artifactDigest, author }) => {
      return { model, modelVersion, artifactDigest, author, aliases: named.get(artifactDigest) ?? [] };
    });
  };
  return {
    list,
    async fetch(model, version) {
      const listed = await list();
      const versions = listed.filter((one) => one.model === model);
      const found = versions.find(({ modelVersion, aliases: names }) => {
        return modelVersion === version || names.some((name) => name === version);
      });
      if (!found) throw unknown(listed, model, version);
      return { ...found, files: await readArtifact(await objects(), found.artifactDigest) };
    },
  };
}

function unknown(listed: readonly ListedModel[], model: string, version: string): Failure {
  const versions = listed.filter((one) => one.model === model);
  const known = versions.map(({ modelVersion, aliases: names }) => [modelVersion, ...names].join(' '));
  const message =
    known.length > 0
      ? `${model} has no ${version}; it has ${known.join(', ')}`
      : `there is no model ${model}; there is ${[...new Set(listed.map((one) => one.model))].join(', ') || 'none'}`;
  return new Failure('MODEL_UNKNOWN', message, { model, version });
}
