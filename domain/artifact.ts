import { canonicalJson } from '#domain/canonicalJson.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { sha256 } from '#domain/sha256.ts';

/** Files of an artifact by name. */
export type ArtifactFiles = Readonly<Record<string, Uint8Array>>;

/** What a manifest says beside its files. No times and no run ids: the same training gives the same bytes. */
export interface ArtifactOrigin {
  readonly model: string;
  readonly trainingDigest: Digest;
  readonly snapshotDigest: Digest;
  readonly featureDigest: Digest;
  readonly codeVersion: string;
  /** What the training was told, as it was told. */
  readonly spec: Readonly<Record<string, string | number | boolean | null | readonly number[]>>;
  /** Seeds of everything that was drawn. */
  readonly seeds: Readonly<Record<string, number>>;
  /** What training and its proofs measured; nothing that a clock decides. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Versions and settings that decide floating-point results. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A manifest: origin, and digest and size of every file. */
export interface ArtifactManifest extends ArtifactOrigin {
  readonly format: 1;
  readonly files: Readonly<Record<string, { readonly sha256: Digest; readonly bytes: number }>>;
}

/** An artifact ready to be stored: its digest is that of its canonical manifest, which names every file's. */
export interface PackedArtifact {
  readonly digest: Digest;
  readonly files: ArtifactFiles;
}

const manifestName = 'manifest.json';

/** Adds the manifest to files; the digest binds all of them. */
export function packArtifact(files: ArtifactFiles, origin: ArtifactOrigin): PackedArtifact {
  const manifest: ArtifactManifest = {
    format: 1,
    ...origin,
    files: Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, { sha256: sha256(bytes), bytes: bytes.length }]),
    ),
  };
  const text = new TextEncoder().encode(canonicalJson(manifest));
  return { digest: sha256(text), files: { ...files, [manifestName]: text } };
}

/**
 * Proves that files are exactly those of a digest, and answers their manifest.
 * @throws Failure ARTIFACT_DIGEST_MISMATCH naming the file that differs, is missing or does not belong
 */
export function verifyArtifact(files: ArtifactFiles, digest: Digest): ArtifactManifest {
  const text = files[manifestName];
  if (!text || sha256(text) !== digest) throw mismatch(manifestName, digest);
  const manifest = JSON.parse(new TextDecoder().decode(text)) as ArtifactManifest;
  const names = new Set([...Object.keys(manifest.files), ...Object.keys(files)]);
  names.delete(manifestName);
  for (const name of names) {
    const bytes = files[name];
    if (!bytes || sha256(bytes) !== manifest.files[name]?.sha256) throw mismatch(name, digest);
  }
  return manifest;
}

function mismatch(file: string, digest: Digest): Failure {
  const message = `${file} is not the file that artifact ${digest} was made of: the store was altered, do not trade on it`;
  return new Failure('ARTIFACT_DIGEST_MISMATCH', message, { file, digest });
}
