import type { ArtifactRow } from '#activities/ports/catalogue.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import { createModels, type Models } from '#console/desk/modelDesk.ts';
import { packArtifact, type ArtifactFiles, type PackedArtifact } from '#domain/artifact.ts';
import { digest } from '#domain/digest.ts';
import { forecasterFiles } from '#models/forecaster.ts';
import { seededRandom } from '#domain/random.ts';
import { train, type SampleSet } from '#models/training.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';
import type { Scaler } from '#pipelines/scaling.ts';

/** Features of the forecaster that `trainedForecaster` makes, in its order. */
export const featureNames = ['return1', 'rsi14', 'volatility20'] as const;

/** Sessions of its window. */
export const windowSessions = 6;

const origin = digest('d'.repeat(64));
const spec: TrainingSpec = {
  kind: 'cnn-lstm',
  filters: 4,
  units: 4,
  windowSessions,
  epochs: 2,
  batchSize: 32,
  towers: 1,
  learningRate: 0.01,
  dropout: 0,
  patienceEpochs: 2,
  clipNorm: 1,
  validationFraction: 0.2,
  seed: 7,
};

/** A small forecaster, really trained, as an artifact. @param kind what its manifest says it is */
export async function trainedForecaster(kind: string = spec.kind): Promise<PackedArtifact> {
  const random = seededRandom(3, 0);
  const samples = (count: number): SampleSet => ({
    inputs: Float32Array.from({ length: count * windowSessions * featureNames.length }, () => random() * 2 - 1),
    labels: Float32Array.from({ length: count }, () => (random() - 0.5) / 50),
  });
  const features = featureNames.length;
  const data = { features, training: samples(200), validation: samples(100) };
  const network = await train({ spec, data, clockMs: () => performance.now() });
  const scaler: Scaler = {
    kind: 'standard',
    clip: 5,
    names: featureNames,
    centers: [0, 50, 0.01],
    scales: [0.02, 10, 0.01],
  };
  const files = { ...forecasterFiles(network, spec, features), 'scaler.json': textBytes(scaler) };
  return packArtifact(files, {
    model: 'swing',
    trainingDigest: origin,
    snapshotDigest: origin,
    featureDigest: origin,
    codeVersion: 'abc1234',
    spec: { ...spec, kind },
    seeds: { training: spec.seed },
    metrics: { onnxParity: network.serving.parity },
    environment: {},
  });
}

/** A registry of two versions of the model `swing`; the second is the champion. */
export function registered(first: PackedArtifact, second: PackedArtifact): Models {
  const stored = new Map<string, Uint8Array>(
    [first, second].flatMap(({ digest: of, files }) => {
      return Object.entries(files).map(([name, bytes]) => [`artifacts/${of}/${name}`, bytes] as const);
    }),
  );
  const rowOf = ({ digest: of }: PackedArtifact, modelVersion: string): ArtifactRow => ({
    digest: of,
    model: 'swing',
    trainingDigest: origin,
    snapshotDigest: origin,
    featureDigest: origin,
    objectPrefix: `artifacts/${of}/`,
    mlflowRunId: 'run',
    modelVersion,
    author: 'ann',
  });
  const objects: ObjectStore = {
    put: () => Promise.reject(new Error('nothing is written here')),
    get: (key) => Promise.resolve(stored.get(key)!),
    exists: (key) => Promise.resolve(stored.has(key)),
    list: (prefix) => Promise.resolve([...stored.keys()].filter((key) => key.startsWith(prefix))),
    uri: (key) => key,
  };
  const champion = { model: 'swing', version: '2', runId: 'run', artifactDigest: second.digest };
  return createModels({
    catalogue: { artifacts: () => Promise.resolve([rowOf(first, '1'), rowOf(second, '2')]) },
    registry: { aliased: (_, alias) => Promise.resolve(alias === 'champion' ? champion : undefined) },
    objects: () => Promise.resolve(objects),
  });
}

/** An artifact whose files are not the ones its manifest was made of: some are, and one is another. */
export function withOther({ digest: of, files }: PackedArtifact, other: ArtifactFiles): PackedArtifact {
  return { digest: of, files: { ...files, ...other } };
}

function textBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
