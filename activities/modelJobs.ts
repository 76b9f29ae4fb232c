import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Digest } from '#domain/digest.ts';
import { verifyArtifact, type ArtifactFiles } from '#domain/artifact.ts';
import type { Forecast } from '#models/confidence.ts';
import type { ModelProcesses } from '#models/process/modelProcessClient.ts';
import { encodeTensors } from '#models/tensorFile.ts';
import type { PreparedTraining } from './modelData.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';

/** Runs a body with a folder of its own, gone afterwards. */
export async function withScratch<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-job-'));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every file of a folder. */
export async function readFolder(folder: string): Promise<ArtifactFiles> {
  const names = await readdir(folder);
  const files = await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))] as const));
  return Object.fromEntries(files);
}

/** What a model process trains a forecaster on, as it reads it. */
export function trainingFile({ training, validation }: PreparedTraining['data']): Uint8Array {
  return encodeTensors({
    trainingInputs: training.inputs,
    trainingLabels: training.labels,
    validationInputs: validation.inputs,
    validationLabels: validation.labels,
  });
}

/** Where an artifact's files lie. */
export function artifactPrefix(digest: Digest): string {
  return `artifacts/${digest}/`;
}

/**
 * An artifact's files, proven to be those of the digest.
 * @throws Failure ARTIFACT_DIGEST_MISMATCH when the store holds anything else
 */
export async function readArtifact(objects: ObjectStore, digest: Digest): Promise<ArtifactFiles> {
  const prefix = artifactPrefix(digest);
  const keys = await objects.list(prefix);
  const files = Object.fromEntries(
    await Promise.all(keys.map(async (key) => [key.slice(prefix.length), await objects.get(key)] as const)),
  );
  verifyArtifact(files, digest);
  return files;
}

/**
 * Forecasts by an artifact's files in a model process.
 * @param inputs shape [count, window, features], scaled
 */
export function predictWith(
  processes: ModelProcesses,
  files: ArtifactFiles,
  inputs: Float32Array,
): Promise<readonly Forecast[]> {
  return withScratch(async (folder) => {
    const [dataFile, outputFile] = [path.join(folder, 'inputs'), path.join(folder, 'outputs')];
    await writeFile(dataFile, encodeTensors({ inputs }));
    const artifactFolder = await mkdtemp(path.join(folder, 'artifact-'));
    for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(artifactFolder, name), bytes);
    const { inference } = processes;
    await processes.perform({ kind: 'predict', artifactFolder, dataFile, outputFile, inference });
    return JSON.parse(await readFile(outputFile, 'utf8')) as readonly Forecast[];
  });
}
