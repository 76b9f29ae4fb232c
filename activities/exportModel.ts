import { verifyArtifact, type ArtifactFiles, type ArtifactManifest } from '#domain/artifact.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { sha256 } from '#domain/sha256.ts';
import { artifactNames, readSpec, type SavedSpec } from '#models/forecaster.ts';
import { networkInOnnx } from '#models/layers/network.ts';
import { forecasterNetwork } from '#models/networks.ts';
import type { OnnxPrecision } from '#models/onnx/onnxWriter.ts';
import { decodeTensors } from '#models/tensorFile.ts';

/** An artifact out of the object store. */
export interface StoredArtifact {
  readonly digest: Digest;
  /** With the manifest. */
  readonly files: ArtifactFiles;
}

/** A model in one file, and what is known of it. */
export interface ExportedOnnx {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** Largest distance between the trained graph and the model in float32; null where the manifest states none. */
  readonly parity: number | null;
  /** What the precision costs; absent for float32, which costs nothing. */
  readonly loss?: StatedLoss;
}

/** Accuracy of a smaller form as the manifest states it, on the samples that chose the epoch. */
export interface StatedLoss {
  /** Largest distance from the forecasts in float32, standardised. */
  readonly largestDifference: number;
  /** Mean squared error of standardised labels. */
  readonly meanSquaredError: number;
  /** The same of the model in float32. */
  readonly meanSquaredErrorOfFloat32: number;
}

/**
 * A model as ONNX: in float32 the very bytes that are served; in a smaller precision made anew from the weights, when
 * this code still writes what the stated losses were measured of.
 * @throws Failure ARTIFACT_DIGEST_MISMATCH; MODEL_FORM_MISSING naming the forms there are; MODEL_EXPORT_DIFFERS
 */
export function exportOnnx(artifact: StoredArtifact, precision: OnnxPrecision): ExportedOnnx {
  const manifest = verifyArtifact(artifact.files, artifact.digest);
  const served = artifact.files[artifactNames.model];
  if (!served) {
    throw missing(manifest, `no ${artifactNames.model}, but ${Object.keys(manifest.files).join(', ')}`);
  }
  const parity = manifest.metrics.onnxParity ?? null;
  if (precision === 'float32') return { bytes: served, digest: sha256(served), parity };
  const { training, features, serving } = requireForecaster(artifact.files, manifest);
  const parameters = decodeTensors(artifact.files[artifactNames.weights]!).tensors;
  const network = forecasterNetwork(training, features);
  const write = (wanted: OnnxPrecision): Uint8Array => networkInOnnx(network, parameters, wanted);
  const bytes = write(precision);
  const measured = serving.variants[precision];
  if (sha256(write('float32')) !== sha256(served) || bytes.length !== measured.bytes) {
    const message = `the code that wrote ${artifact.digest} was ${manifest.codeVersion}; this one writes another ${precision} model`;
    throw new Failure('MODEL_EXPORT_DIFFERS', message, { precision, codeVersion: manifest.codeVersion });
  }
  const { largestDifference, meanSquaredError, meanSquaredErrorOfFloat32 } = measured;
  const loss = { largestDifference, meanSquaredError, meanSquaredErrorOfFloat32 };
  return { bytes, digest: sha256(bytes), parity, loss };
}

/**
 * What an artifact says of its network, when it is a forecaster's.
 * @throws Failure MODEL_FORM_MISSING for an agent's, ARTIFACT_UNREADABLE
 */
export function requireForecaster(files: ArtifactFiles, manifest: ArtifactManifest): SavedSpec {
  const kind = manifest.spec.kind;
  if (kind === 'cnn-lstm' || kind === 'attention') return readSpec(files);
  throw missing(manifest, `it is a ${String(kind)}, which forecasts nothing and is kept in float32 alone`);
}

function missing({ model, spec }: ArtifactManifest, what: string): Failure {
  return new Failure('MODEL_FORM_MISSING', `${model}: ${what}`, { model, kind: String(spec.kind) });
}
