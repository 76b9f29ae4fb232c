import { canonicalJson } from '#domain/canonicalJson.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { sha256 } from '#domain/sha256.ts';
import type { Floats } from './graph/graphSession.ts';
import { decodeTensors, encodeTensors } from './tensorFile.ts';
import type { TrainingState } from './training.ts';
import type { TrainingSpec } from './trainingSpec.ts';

/** What a checkpoint belongs to: a spec and the exact bytes of the samples. */
export function checkpointOwner(training: {
  readonly spec: TrainingSpec;
  readonly features: number;
  readonly data: Uint8Array;
}): Digest {
  const { spec, features, data } = training;
  return sha256(new TextEncoder().encode(canonicalJson({ spec, features, data: sha256(data) })));
}

/** A training's state as bytes. Order and shuffling follow from seed and epoch: there is no generator to save. */
export function encodeCheckpoint({ variables, best, ...progress }: TrainingState, owner: Digest): Uint8Array {
  const prefixed = (prefix: string, tensors: Floats): [string, Float32Array][] =>
    Object.entries(tensors).map(([name, values]) => [`${prefix}:${name}`, values]);
  const tensors = Object.fromEntries([...prefixed('variables', variables), ...prefixed('best', best)]);
  // Before the first epoch that counts the best loss is infinite, which JSON would turn into null.
  return encodeTensors(tensors, { ...progress, bestLoss: String(progress.bestLoss), owner });
}

/**
 * What `encodeCheckpoint` wrote.
 * @throws Failure ARTIFACT_UNREADABLE when the bytes are damaged; CHECKPOINT_FOREIGN when they belong to another
 *   training: going on from it would end in parameters that no specification explains
 */
export function decodeCheckpoint(bytes: Uint8Array, owner: Digest): TrainingState {
  const { tensors, meta } = decodeTensors(bytes);
  if (meta.owner !== owner) {
    throw new Failure('CHECKPOINT_FOREIGN', 'the checkpoint is of another specification or other samples', {
      wanted: owner,
      found: String(meta.owner),
    });
  }
  const part = (prefix: string): Floats =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => name.startsWith(`${prefix}:`))
        .map(([name, values]) => [name.slice(prefix.length + 1), values]),
    );
  const { owner: _, ...progress } = meta as unknown as Omit<TrainingState, 'variables' | 'best' | 'bestLoss'> & {
    readonly bestLoss: string;
    readonly owner: string;
  };
  return { ...progress, bestLoss: Number(progress.bestLoss), variables: part('variables'), best: part('best') };
}
